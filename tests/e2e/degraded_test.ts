import { assert, assertEquals, assertMatch, assertStringIncludes } from "../support/assert.ts";
import { startExporter } from "../support/exporter.ts";
import { linesWith, messagesOf } from "../support/log_lines.ts";
import { logindFolder } from "../support/logind_folder.ts";
import { program, testNeeding } from "../support/needs.ts";
import { seriesOf, valueOf } from "../support/samples.ts";
import { succeed } from "../support/succeed.ts";
import { tempDir } from "../support/temp_dir.ts";
import { SETPRIV, UNPRIVILEGED } from "../support/unprivileged.ts";
import { login, utmpFile } from "../support/utmp_file.ts";
import { within } from "../support/wait.ts";

const COUNT = "unix_user_session_count";
const UP = "unix_user_exporter_source_up";
const FAILURES = "unix_user_exporter_read_failures_total";

testNeeding([program("mkfifo")], "a procfs that does not respond removes no session", async () => {
  await using folder = await logindFolder();
  await folder.write("c1", "ann", `LEADER=${Deno.pid}\n`);
  await using file = await utmpFile();
  await using dir = await tempDir();
  const procfs = dir.join("proc");
  await Deno.mkdir(procfs);
  // Without a writer, reads do not return.
  await succeed("mkfifo", `${procfs}/stat`);
  await using exporter = await startExporter([
    ...["--source=auto", file.flag, `--logind-path=${folder.path}`],
    `--path.procfs=${procfs}`,
  ]);
  for (const _ of [1, 2]) {
    const scrape = await exporter.scrape();
    assertEquals(seriesOf(scrape, COUNT, UP, "unix_stale_sessions"), [
      `${UP}{source="logind"} 1`,
      `${COUNT}{username="ann"} 1`,
    ]);
    assertEquals(seriesOf(scrape, FAILURES).filter((line) => !line.endsWith(" 0")), []);
  }
  // Node waits for pending reads before it exits.
  await within("the read of procfs", Deno.writeTextFile(`${procfs}/stat`, ""));
  const { code, stderr } = await exporter.stop();
  assertEquals(code, 0, stderr);
  const lines = linesWith(stderr, "the mount does not respond");
  assertEquals(lines.length, 1, stderr);
  assertStringIncludes(lines[0] ?? "", ` path=${procfs} error="no response in 2000 ms" `);
  assertEquals(linesWith(stderr, "cannot read the sessions"), []);
});

testNeeding([SETPRIV], "auto: a utmp that may not be read is down, logind is exposed", async () => {
  await using folder = await logindFolder();
  await folder.write("c1", "ann");
  await using file = await utmpFile([login("bob", "pts/0")]);
  await Deno.chmod(file.path, 0o000);
  const flags = ["--source=auto", file.flag, `--logind-path=${folder.path}`];
  await using exporter = await startExporter(flags, { prefix: UNPRIVILEGED });
  const denied = `${FAILURES}{source="utmp",reason="denied"}`;
  const countOf = (scrape: string): number =>
    Number(scrape.split("\n").find((line) => line.startsWith(denied))?.split(" ").at(-1));
  const before = countOf(await exporter.scrape());
  const scrape = await exporter.scrape();
  assertEquals(seriesOf(scrape, COUNT, UP), [
    `${UP}{source="logind"} 1`,
    `${UP}{source="utmp"} 0`,
    `${COUNT}{username="ann"} 1`,
  ]);
  assertEquals(countOf(scrape), before + 1);
  assertStringIncludes(
    await exporter.scrape("/"),
    "utmp cannot be read. Sessions that only this source knows are missing.",
  );
  await Deno.chmod(file.path, 0o644);
  assertEquals(seriesOf(await exporter.scrape(), COUNT, UP), [
    `${UP}{source="logind"} 1`,
    `${UP}{source="utmp"} 1`,
    `${COUNT}{username="ann"} 1`,
    `${COUNT}{username="bob"} 1`,
  ]);
  const { stderr } = await exporter.stop();
  const [line = "", ...more] = linesWith(stderr, "cannot read the sessions");
  assertEquals(more, []);
  assertMatch(line, / level=error .* source=utmp path=\S+ reason=denied error=.+ advice=".+"$/);
  assertEquals(linesWith(stderr, "sessions can be read again").length, 1);
});

Deno.test("excluded users are in no metric, in no log line and not on the page", async () => {
  const flags = ["--utmp-path=tests/fixtures/x86_64.utmp", "--users.exclude=.*", "--debug"];
  await using exporter = await startExporter(flags);
  assertStringIncludes(await exporter.scrape("/"), "No sessions to show.");
  const scrape = await exporter.scrape();
  assertStringIncludes(scrape, 'unix_user_exporter_records{type="user_process"} 0\n');
  assertEquals(valueOf(scrape, "unix_users_logged_in_total"), 0);
  const { stderr } = await exporter.stop();
  // Of the eight records, those of the boot and of the run level have no user.
  assertEquals(messagesOf(stderr).filter((message) => message === "record").length, 2, stderr);
  assert(!/alice|bob|192\.168\.1\.100|10\.0\.0\.50|pts\/|1501|200[127]/.test(stderr), stderr);
  assertStringIncludes(stderr, "sessions=0");
});
