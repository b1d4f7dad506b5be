import { MAX_SESSION_FILES } from "../../lib/sources/logind_files.ts";
import { assert, assertEquals, assertMatch } from "../support/assert.ts";
import { Churn } from "../support/churn.ts";
import { startExporter } from "../support/exporter.ts";
import { type LogindFolder, logindFolder } from "../support/logind_folder.ts";
import { messagesOf } from "../support/log_lines.ts";
import { program, testNeeding } from "../support/needs.ts";
import { run, runExporter } from "../support/program.ts";
import { seriesOf, SESSION_METRIC_NAMES, valueOf } from "../support/samples.ts";
import { tempDir } from "../support/temp_dir.ts";
import { SETPRIV, UNPRIVILEGED } from "../support/unprivileged.ts";
import { login, writeUtmp } from "../support/utmp_file.ts";

const COUNT = "unix_user_session_count";
const UP = "unix_user_exporter_source_up";

function options(folder: LogindFolder): readonly string[] {
  return ["--source=logind", `--logind-path=${folder.path}`];
}

testNeeding(
  [program("mkfifo")],
  "a session file shows in the next scrape, its end too",
  async () => {
    await using folder = await logindFolder();
    await using exporter = await startExporter(options(folder));
    assertEquals(seriesOf(await exporter.scrape(), COUNT), []);
    await folder.write("c1", "ann");
    assertEquals(
      (await run(["mkfifo", `${folder.sessions}/c1.ref`, `${folder.sessions}/c9`])).code,
      0,
    );
    assertEquals(seriesOf(await exporter.scrape(), COUNT), [`${COUNT}{username="ann"} 1`]);
    await folder.write("c2", "bob", "TTY=pts/1\n");
    assertEquals(seriesOf(await exporter.scrape(), "unix_user_session_info"), [
      'unix_user_session_info{username="ann",from="192.0.2.1",tty="-",login_time="2025-07-23 14:16"} 1',
      'unix_user_session_info{username="bob",from="192.0.2.1",tty="pts/1",login_time="2025-07-23 14:16"} 1',
    ]);
    await folder.write("c2", "bob", "STATE=closing\n");
    const closing = await exporter.scrape();
    assertEquals(seriesOf(closing, COUNT), [`${COUNT}{username="ann"} 1`]);
    assertEquals(valueOf(closing, "unix_closing_sessions"), 1);
    await folder.remove("c1");
    assertEquals(seriesOf(await exporter.scrape(), COUNT), []);
  },
);

Deno.test("a folder that is removed is a source that is down, until it is there again", async () => {
  await using folder = await logindFolder();
  await folder.write("c1", "ann");
  await using exporter = await startExporter(options(folder));
  await Deno.rename(folder.sessions, `${folder.sessions}.gone`);
  for (const count of [1, 2, 3]) {
    const scrape = await exporter.scrape();
    assertEquals(seriesOf(scrape, ...SESSION_METRIC_NAMES), []);
    assertEquals(seriesOf(scrape, "unix_user_exporter_source_up"), [
      'unix_user_exporter_source_up{source="logind"} 0',
    ]);
    const failures =
      `unix_user_exporter_read_failures_total{source="logind",reason="missing"} ${count}`;
    assert(scrape.includes(`\n${failures}\n`), failures);
  }
  await Deno.rename(`${folder.sessions}.gone`, folder.sessions);
  assertEquals(seriesOf(await exporter.scrape(), COUNT), [`${COUNT}{username="ann"} 1`]);
  assertEquals(messagesOf((await exporter.stop()).stderr), [
    "listening",
    "reading sessions",
    "cannot read the sessions",
    "sessions can be read again",
    "stopping",
  ]);
});

testNeeding([SETPRIV], "a session file that may not be read is left out and counted", async () => {
  await using folder = await logindFolder();
  await folder.write("c1", "ann");
  await folder.write("c2", "bob");
  await Deno.chmod(`${folder.sessions}/c2`, 0o000);
  await using exporter = await startExporter(options(folder), { prefix: UNPRIVILEGED });
  for (const _ of [1, 2]) {
    const scrape = await exporter.scrape();
    assertEquals(seriesOf(scrape, COUNT), [`${COUNT}{username="ann"} 1`]);
    assertEquals(valueOf(scrape, "unix_user_exporter_faulty_records"), 1);
  }
  assertEquals(messagesOf((await exporter.stop()).stderr), [
    "listening",
    "session files cannot be read and are left out",
    "reading sessions",
    "stopping",
  ]);
});

Deno.test("auto shows the sessions of both sources; one that goes away says so once", async () => {
  await using folder = await logindFolder();
  await folder.write("c1", "ann");
  await using dir = await tempDir();
  const utmp = dir.join("utmp");
  const flags = ["--source=auto", `--utmp-path=${utmp}`, `--logind-path=${folder.path}`];
  await using exporter = await startExporter(flags);
  const exposed = async (): Promise<readonly string[]> =>
    seriesOf(await exporter.scrape(), COUNT, UP);
  const [ann, bob] = [`${COUNT}{username="ann"} 1`, `${COUNT}{username="bob"} 1`];
  const [utmpUp, logindUp] = [`${UP}{source="utmp"} 1`, `${UP}{source="logind"} 1`];
  assertEquals(await exposed(), [logindUp, ann]);
  await writeUtmp(utmp, [login("bob", "pts/0")]);
  assertEquals(await exposed(), [logindUp, utmpUp, ann, bob]);
  await writeUtmp(utmp, [{ type: "dead_process", line: "pts/0", seconds: 1_753_280_160 }]);
  assertEquals(await exposed(), [logindUp, utmpUp, ann]);
  await writeUtmp(utmp, [login("bob", "pts/0")]);
  await Deno.remove(`${folder.path}/seats/seat0`);
  assertEquals(await exposed(), [utmpUp, bob]);
  await Deno.remove(utmp);
  assertEquals(await exposed(), [`${UP}{source="logind"} 0`, `${UP}{source="utmp"} 0`]);
  assertEquals(messagesOf((await exporter.stop()).stderr), [
    "listening",
    "reading sessions",
    "reading sessions",
    "a source is missing; the other is read",
    "cannot read the sessions",
    "cannot read the sessions",
    "stopping",
  ]);
});

Deno.test("a desktop of greetd, an ssh login and an sftp transfer are three sessions for auto", async () => {
  const folder = "tests/fixtures/greetd-ssh-sftp";
  const paths = [`--utmp-path=${folder}/utmp`, `--logind-path=${folder}/systemd`];
  for (
    const [source, sessions, kinds] of [
      ["auto", ["alice - tty2", "backup 192.0.2.50 -", "bob 192.0.2.8 pts/0"], [
        'unix_sessions{kind="graphical",remote="false"} 1',
        'unix_sessions{kind="pty",remote="true"} 2',
      ]],
      ["utmp", ["bob 192.0.2.8 pts/0"], ['unix_sessions{kind="pty",remote="true"} 1']],
      ["logind", ["alice - tty2", "backup 192.0.2.50 -", "bob 192.0.2.8 -"], [
        'unix_sessions{kind="graphical",remote="false"} 1',
        'unix_sessions{kind="pty",remote="true"} 2',
      ]],
    ] as const
  ) {
    const { code, stdout } = await runExporter(["--once", `--source=${source}`, ...paths]);
    assertEquals(code, 0);
    const infos = seriesOf(stdout, "unix_user_session_info").map((line) =>
      [...line.matchAll(/(?:username|from|tty)="(.*?)"/g)].map(([, value]) => value).join(" ")
    );
    assertEquals(infos, [...sessions]);
    assertEquals(seriesOf(stdout, "unix_sessions").filter((line) => !line.endsWith(" 0")), [
      ...kinds,
    ]);
  }
});

Deno.test("a logind that does not run is down, with folders that systemd made and nobody in them", async () => {
  await using folder = await logindFolder();
  await Deno.remove(`${folder.path}/seats/seat0`);
  await using dir = await tempDir();
  for (const source of ["logind", "auto"]) {
    const flags = [`--source=${source}`, `--utmp-path=${dir.join("utmp")}`];
    const { code, stdout, stderr } = await runExporter([
      "--once",
      ...flags,
      `--logind-path=${folder.path}`,
    ]);
    assertEquals(code, 1);
    assertEquals(seriesOf(stdout, ...SESSION_METRIC_NAMES), []);
    assert(seriesOf(stdout, UP).includes(`${UP}{source="logind"} 0`));
    assertMatch(stderr, /source=logind .* reason=missing error="systemd-logind has not run: /);
  }
});

Deno.test("more session files than logind has are refused, with the same answer each time", async () => {
  await using folder = await logindFolder();
  for (let i = 0; i <= MAX_SESSION_FILES; i++) {
    await Deno.writeTextFile(`${folder.sessions}/c${i}`, "USER=ann\nCLASS=user\n");
  }
  await using exporter = await startExporter(options(folder));
  for (const count of [2, 3]) {
    const scrape = await exporter.scrape();
    assertEquals(seriesOf(scrape, UP), [`${UP}{source="logind"} 0`]);
    const failures = 'unix_user_exporter_read_failures_total{source="logind",reason="too_large"}';
    assert(scrape.includes(`\n${failures} ${count}\n`), failures);
  }
  for (let i = 10; i <= MAX_SESSION_FILES; i++) await folder.remove(`c${i}`);
  assertEquals(valueOf(await exporter.scrape(), "unix_users_logged_in_total"), 10);
});

Deno.test("5,000 sessions come and go during 200 scrapes: every count was possible", async () => {
  await using folder = await logindFolder();
  await using exporter = await startExporter(options(folder));
  await using sessions = new Churn(folder);
  for (let i = 0; i < 200; i++) {
    const end = sessions.window();
    const scrape = await exporter.scrape();
    const { least, most } = end();
    const count = valueOf(scrape, "unix_users_logged_in_total");
    assert(least <= count && count <= most, `${least} <= ${count} <= ${most}`);
    assertEquals(valueOf(scrape, "unix_user_exporter_faulty_records"), 0);
  }
  const left = await sessions.end();
  assert(sessions.begun >= 5_000, `${sessions.begun}`);
  assertEquals(valueOf(await exporter.scrape(), "unix_users_logged_in_total"), left);
});
