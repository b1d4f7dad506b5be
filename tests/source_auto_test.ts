import { type FailureReason, type Look, snapshotOfLogind } from "../lib/snapshot.ts";
import { snapshotOfUtmp } from "./snapshot_of_utmp.ts";
import { AutoSource } from "../lib/source_auto.ts";
import { SourceReport } from "../lib/source_report.ts";
import { decodeUtmp } from "../lib/utmp/decode.ts";
import { assertEquals, assertStrictEquals } from "./assert.ts";
import { encodeUtmp, type RecordFields } from "./encode_utmp.ts";
import { keptLog } from "./watched.ts";

function utmpLook(records: readonly RecordFields[]): Look {
  const snapshot = snapshotOfUtmp(decodeUtmp(encodeUtmp("384le", records), "384le"));
  return { ok: true, snapshot, path: "/run/utmp", modified: 0, readDuration: 0 };
}

const WITH_USER = utmpLook([{ type: "user_process", user: "ann", line: "tty1", seconds: 1 }]);
const WITHOUT_USER = utmpLook([{ type: "boot_time", seconds: 1 }]);
const LOGIND: Look = {
  ok: true,
  snapshot: snapshotOfLogind([], 0),
  path: "/run/systemd/sessions",
  modified: 0,
  readDuration: 0,
};

function failed(
  source: "utmp" | "logind",
  reason: FailureReason = "denied",
): Extract<Look, { ok: false }> {
  return { ok: false, failure: { source, path: "/x", reason, error: "e", advice: "a" } };
}

const DENIED = failed("utmp").failure;

for (
  const [what, utmp, isHere, logind, expected] of [
    ["utmp with a session", WITH_USER, true, LOGIND, WITH_USER],
    ["utmp without a session, logind here", WITHOUT_USER, true, LOGIND, LOGIND],
    ["utmp without a session, no logind", WITHOUT_USER, false, LOGIND, WITHOUT_USER],
    ["no utmp, logind here", failed("utmp", "missing"), true, LOGIND, LOGIND],
    ["no utmp, logind closed", failed("utmp", "missing"), true, failed("logind"), failed("logind")],
    ["no utmp, no logind", failed("utmp", "missing"), false, LOGIND, failed("utmp", "missing")],
    ["utmp closed, logind here", failed("utmp"), true, LOGIND, { ...LOGIND, passedOver: DENIED }],
    ["both closed", failed("utmp"), true, failed("logind"), {
      ...failed("logind"),
      passedOver: DENIED,
    }],
    ["utmp closed, no logind", failed("utmp"), false, LOGIND, failed("utmp")],
  ] as const
) {
  Deno.test(`auto: ${what}`, async () => {
    const source = new AutoSource({
      utmp: { look: () => Promise.resolve(utmp) },
      logind: { look: () => Promise.resolve(isHere ? logind : null) },
    });
    assertEquals(await source.look(), expected);
  });
}

Deno.test("logind is not asked while utmp holds a session", async () => {
  const source = new AutoSource({
    utmp: { look: () => Promise.resolve(WITH_USER) },
    logind: { look: () => Promise.reject() },
  });
  assertStrictEquals(await source.look(), WITH_USER);
});

Deno.test("a source that is passed over is logged once, and once when it is over", () => {
  const { log, messages } = keptLog();
  const report = new SourceReport(log);
  const besides = { ...LOGIND, passedOver: DENIED };
  for (const look of [besides, besides, LOGIND, LOGIND]) report.note(look);
  assertEquals(messages(), [
    '"a source is passed over" source=utmp path=/x reason=denied error=e advice=a',
    '"reading sessions" source=logind path=/run/systemd/sessions sessions=0',
    '"no source is passed over any more"',
  ]);
});

Deno.test("the source that is taken is logged once, and again when it changes", () => {
  const { log, messages } = keptLog();
  const report = new SourceReport(log);
  for (const look of [WITH_USER, WITH_USER, LOGIND, LOGIND, failed("logind"), failed("logind")]) {
    report.note(look);
  }
  for (const look of [failed("utmp"), LOGIND, LOGIND, WITH_USER]) report.note(look);
  assertEquals(messages(), [
    '"reading sessions" source=utmp path=/run/utmp sessions=1',
    '"sessions come from another source" source=logind path=/run/systemd/sessions sessions=0',
    '"cannot read the sessions" source=logind path=/x reason=denied error=e advice=a',
    '"cannot read the sessions" source=utmp path=/x reason=denied error=e advice=a',
    '"sessions can be read again" source=logind path=/run/systemd/sessions sessions=0',
    '"sessions come from another source" source=utmp path=/run/utmp sessions=1',
  ]);
});
