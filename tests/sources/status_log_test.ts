import { StatusLog } from "../../lib/sources/status_log.ts";
import { assert, assertEquals } from "../support/assert.ts";
import { failedResult, resultWith, snapshotWith } from "../support/observations.ts";
import { keptLog } from "../support/fakes.ts";

const UTMP = resultWith(snapshotWith(), { source: "utmp", path: "/run/utmp" });
const LOGIND = resultWith(snapshotWith());
const BROKEN = failedResult("utmp");

const READING_UTMP = '"reading sessions" source=utmp path=/run/utmp sessions=0';
const READING_LOGIND = '"reading sessions" source=logind path=/run/systemd/sessions sessions=0';
const CANNOT = '"cannot read the sessions" source=utmp path=/x reason=denied error=e advice=a';

for (
  const [what, readings, messages] of [
    ["a source that is read is logged once", [[UTMP, LOGIND], [UTMP, LOGIND]], [
      READING_UTMP,
      READING_LOGIND,
    ]],
    ["a failure is logged once", [[BROKEN, LOGIND], [BROKEN, LOGIND]], [CANNOT, READING_LOGIND]],
    ["the end of a failure is logged", [[BROKEN], [UTMP], [UTMP]], [
      CANNOT,
      '"sessions can be read again" source=utmp path=/run/utmp sessions=0',
    ]],
    ["another reason is logged", [[BROKEN], [failedResult("utmp", "io")]], [
      CANNOT,
      '"cannot read the sessions" source=utmp path=/x reason=io error=e advice=a',
    ]],
    ["a source that never existed is not logged", [[LOGIND], [LOGIND]], [READING_LOGIND]],
    ["a source that disappears and returns is logged", [[UTMP, LOGIND], [LOGIND], [LOGIND], [
      UTMP,
      LOGIND,
    ]], [
      READING_UTMP,
      READING_LOGIND,
      '"a source is missing; the other is read" source=utmp path=/x error=e advice=a',
      READING_UTMP,
    ]],
  ] as const
) {
  Deno.test(`status log: ${what}`, () => {
    const { log, messages: logged } = keptLog();
    const report = new StatusLog(log, () => true);
    for (const results of readings) {
      const isHere = results.some((result) =>
        (result.ok ? result.source : result.failure.source) === "utmp"
      );
      report.note({ results, missing: isHere ? [] : [failedResult("utmp", "missing").failure] });
    }
    assertEquals(logged(), [...messages]);
  });
}

Deno.test("the log does not count sessions of excluded users", () => {
  const { log, messages } = keptLog();
  const [ann, bob] = ["ann", "bob"].map((username) => ({
    username,
    from: "-",
    tty: "tty1",
    kind: "console" as const,
    remote: false,
    loginTime: null,
    pid: null,
  }));
  assert(ann !== undefined && bob !== undefined);
  const result = resultWith(snapshotWith({ sessions: [ann, bob, bob] }));
  new StatusLog(log, (user) => user === "ann").note({ results: [result], missing: [] });
  assertEquals(messages(), [READING_LOGIND.replace("sessions=0", "sessions=1")]);
});
