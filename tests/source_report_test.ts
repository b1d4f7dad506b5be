import { SourceReport } from "../lib/source_report.ts";
import { assert, assertEquals } from "./assert.ts";
import { failedLook, lookWith, snapshotWith } from "./observations.ts";
import { keptLog } from "./watched.ts";

const UTMP = lookWith(snapshotWith(), { source: "utmp", path: "/run/utmp" });
const LOGIND = lookWith(snapshotWith());
const BROKEN = failedLook("utmp");

const READING_UTMP = '"reading sessions" source=utmp path=/run/utmp sessions=0';
const READING_LOGIND = '"reading sessions" source=logind path=/run/systemd/sessions sessions=0';
const CANNOT = '"cannot read the sessions" source=utmp path=/x reason=denied error=e advice=a';

for (
  const [what, readings, messages] of [
    ["what is read, once", [[UTMP, LOGIND], [UTMP, LOGIND]], [READING_UTMP, READING_LOGIND]],
    ["a failure, once", [[BROKEN, LOGIND], [BROKEN, LOGIND]], [CANNOT, READING_LOGIND]],
    ["a failure that is over", [[BROKEN], [UTMP], [UTMP]], [
      CANNOT,
      '"sessions can be read again" source=utmp path=/run/utmp sessions=0',
    ]],
    ["another failure", [[BROKEN], [failedLook("utmp", "io")]], [
      CANNOT,
      '"cannot read the sessions" source=utmp path=/x reason=io error=e advice=a',
    ]],
    ["nothing of a source that was never there", [[LOGIND], [LOGIND]], [READING_LOGIND]],
    ["a source that is missing from now on, and back", [[UTMP, LOGIND], [LOGIND], [LOGIND], [
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
  Deno.test(`the log says ${what}`, () => {
    const { log, messages: logged } = keptLog();
    const report = new SourceReport(log, () => true);
    for (const looks of readings) {
      const isHere = looks.some((look) => (look.ok ? look.source : look.failure.source) === "utmp");
      report.note({ looks, missing: isHere ? [] : [failedLook("utmp", "missing").failure] });
    }
    assertEquals(logged(), [...messages]);
  });
}

Deno.test("the log does not count the sessions of users who are left out", () => {
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
  const look = lookWith(snapshotWith({ sessions: [ann, bob, bob] }));
  new SourceReport(log, (user) => user === "ann").note({ looks: [look], missing: [] });
  assertEquals(messages(), [READING_LOGIND.replace("sessions=0", "sessions=1")]);
});
