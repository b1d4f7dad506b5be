import { StatusLog } from "../../lib/sources/status_log.ts";
import { assertEquals } from "../support/assert.ts";
import { failedResult, resultWith, snapshotWith } from "../support/observations.ts";
import { keptLog } from "../support/fakes.ts";

const UTMP = resultWith(snapshotWith(), { source: "utmp", path: "/run/utmp" });
const LOGIND = resultWith(snapshotWith());
const BOTH = [UTMP, LOGIND];
const BROKEN = failedResult("utmp");

const READING_UTMP = '"reading sessions" source=utmp path=/run/utmp sessions=0';
const READING_LOGIND = '"reading sessions" source=logind path=/run/systemd/sessions sessions=0';
const FAILED = '"cannot read the sessions" source=utmp path=/x reason=denied error=e advice=a';
const RECOVERED = '"sessions can be read again" source=utmp path=/run/utmp sessions=0';
const MISSING = '"a source is missing; the other is read" source=utmp path=/x error=e advice=a';

for (
  const [what, readings, messages] of [
    ["a source that is read is logged once", [BOTH, BOTH], [READING_UTMP, READING_LOGIND]],
    ["a failure is logged once", [[BROKEN, LOGIND], [BROKEN, LOGIND]], [FAILED, READING_LOGIND]],
    ["the end of a failure is logged", [[BROKEN], [UTMP], [UTMP]], [FAILED, RECOVERED]],
    ["another reason is logged", [[BROKEN], [failedResult("utmp", "io")]], [
      FAILED,
      FAILED.replace("denied", "io"),
    ]],
    ["a source that never existed is not logged", [[LOGIND], [LOGIND]], [READING_LOGIND]],
    ["a source that disappears and returns is logged", [BOTH, [LOGIND], [LOGIND], BOTH], [
      READING_UTMP,
      READING_LOGIND,
      MISSING,
      READING_UTMP,
    ]],
  ] as const
) {
  Deno.test(`status log: ${what}`, () => {
    const { log, messages: logged } = keptLog();
    const statusLog = new StatusLog(log, () => true);
    for (const results of readings) {
      const sources = results.map((each) => each.ok ? each.source : each.failure.source);
      const missing = sources.includes("utmp") ? [] : [failedResult("utmp", "missing").failure];
      statusLog.note({ results, missing });
    }
    assertEquals(logged(), messages);
  });
}

Deno.test("the log does not count sessions of excluded users", () => {
  const { log, messages } = keptLog();
  const values = { from: "-", tty: "tty1", kind: "console", remote: false } as const;
  const unknown = { loginTime: null, pid: null };
  const sessions = ["ann", "bob", "bob"].map((username) => ({ username, ...values, ...unknown }));
  const result = resultWith(snapshotWith({ sessions }));
  new StatusLog(log, (user) => user === "ann").note({ results: [result], missing: [] });
  assertEquals(messages(), [READING_LOGIND.replace("sessions=0", "sessions=1")]);
});
