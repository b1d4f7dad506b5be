import { assert, assertEquals, assertMatch } from "../support/assert.ts";
import { startExporter } from "../support/exporter.ts";
import { type LogindFolder, logindFolder } from "../support/logind_folder.ts";
import { messagesOf } from "../support/log_lines.ts";
import { program, testNeeding } from "../support/needs.ts";
import { runExporter } from "../support/program.ts";
import { seriesOf, SESSION_METRIC_NAMES, sessionsOf, valueOf } from "../support/samples.ts";
import { succeed } from "../support/succeed.ts";
import { SETPRIV, UNPRIVILEGED } from "../support/unprivileged.ts";
import { login, utmpFile, writeUtmp } from "../support/utmp_file.ts";

const COUNT = "unix_user_session_count";
const INFO = "unix_user_session_info";
const UP = "unix_user_exporter_source_up";

const ANN = `${COUNT}{username="ann"} 1`;
const BOB = `${COUNT}{username="bob"} 1`;

function options(folder: LogindFolder): readonly string[] {
  return ["--source=logind", `--logind-path=${folder.path}`];
}

testNeeding([program("mkfifo")], "a session file is in the next scrape, its end too", async () => {
  await using folder = await logindFolder();
  await using exporter = await startExporter(options(folder));
  const counts = async (): Promise<readonly string[]> => seriesOf(await exporter.scrape(), COUNT);
  assertEquals(await counts(), []);
  await folder.write("c1", "ann");
  await succeed("mkfifo", `${folder.sessions}/c1.ref`, `${folder.sessions}/c9`);
  assertEquals(await counts(), [ANN]);
  await folder.write("c2", "bob", "TTY=pts/1\n");
  assertEquals(seriesOf(await exporter.scrape(), INFO), [
    `${INFO}{username="ann",from="192.0.2.1",tty="-",login_time="2025-07-23 14:16"} 1`,
    `${INFO}{username="bob",from="192.0.2.1",tty="pts/1",login_time="2025-07-23 14:16"} 1`,
  ]);
  await folder.write("c2", "bob", "STATE=closing\n");
  assertEquals(await counts(), [ANN]);
  assertEquals(valueOf(await exporter.scrape(), "unix_closing_sessions"), 1);
  await folder.remove("c1");
  assertEquals(await counts(), []);
});

Deno.test("the source is down while its folder is missing", async () => {
  await using folder = await logindFolder();
  await folder.write("c1", "ann");
  await using exporter = await startExporter(options(folder));
  await Deno.rename(folder.sessions, `${folder.sessions}.gone`);
  for (const count of [1, 2, 3]) {
    const scrape = await exporter.scrape();
    assertEquals(seriesOf(scrape, ...SESSION_METRIC_NAMES), []);
    assertEquals(seriesOf(scrape, UP), [`${UP}{source="logind"} 0`]);
    const failures =
      `unix_user_exporter_read_failures_total{source="logind",reason="missing"} ${count}`;
    assert(scrape.includes(`\n${failures}\n`), failures);
  }
  await Deno.rename(`${folder.sessions}.gone`, folder.sessions);
  assertEquals(seriesOf(await exporter.scrape(), COUNT), [ANN]);
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
    assertEquals(seriesOf(scrape, COUNT), [ANN]);
    assertEquals(valueOf(scrape, "unix_user_exporter_faulty_records"), 1);
  }
  assertEquals(messagesOf((await exporter.stop()).stderr), [
    "listening",
    "session files cannot be read and are left out",
    "reading sessions",
    "stopping",
  ]);
});

Deno.test("auto exposes the sessions of both sources; a missing source is logged once", async () => {
  await using folder = await logindFolder();
  await folder.write("c1", "ann");
  await using file = await utmpFile();
  const flags = ["--source=auto", file.flag, `--logind-path=${folder.path}`];
  await using exporter = await startExporter(flags);
  const exposed = async (): Promise<readonly string[]> =>
    seriesOf(await exporter.scrape(), COUNT, UP);
  const [utmpUp, logindUp] = [`${UP}{source="utmp"} 1`, `${UP}{source="logind"} 1`];
  assertEquals(await exposed(), [logindUp, ANN]);
  await writeUtmp(file.path, [login("bob", "pts/0")]);
  assertEquals(await exposed(), [logindUp, utmpUp, ANN, BOB]);
  await writeUtmp(file.path, [{ type: "dead_process", line: "pts/0", seconds: 1_753_280_160 }]);
  assertEquals(await exposed(), [logindUp, utmpUp, ANN]);
  await writeUtmp(file.path, [login("bob", "pts/0")]);
  await Deno.remove(`${folder.path}/seats/seat0`);
  assertEquals(await exposed(), [utmpUp, BOB]);
  await Deno.remove(file.path);
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

const [GRAPHICAL, REMOTE] = ['kind="graphical",remote="false"', 'kind="pty",remote="true"'];

for (
  const [source, sessions, kinds] of [
    ["auto", ["alice - tty2", "backup 192.0.2.50 -", "bob 192.0.2.8 pts/0"], [
      `unix_sessions{${GRAPHICAL}} 1`,
      `unix_sessions{${REMOTE}} 2`,
    ]],
    ["utmp", ["bob 192.0.2.8 pts/0"], [`unix_sessions{${REMOTE}} 1`]],
    ["logind", ["alice - tty2", "backup 192.0.2.50 -", "bob 192.0.2.8 -"], [
      `unix_sessions{${GRAPHICAL}} 1`,
      `unix_sessions{${REMOTE}} 2`,
    ]],
  ] as const
) {
  Deno.test(`a greetd desktop, an ssh login and an sftp transfer with --source=${source}`, async () => {
    const folder = "tests/fixtures/greetd-ssh-sftp";
    const paths = [`--utmp-path=${folder}/utmp`, `--logind-path=${folder}/systemd`];
    const { code, stdout } = await runExporter(["--once", `--source=${source}`, ...paths]);
    assertEquals(code, 0);
    assertEquals(sessionsOf(stdout), [...sessions]);
    const counts = seriesOf(stdout, "unix_sessions").filter((line) => !line.endsWith(" 0"));
    assertEquals(counts, [...kinds]);
  });
}

for (const source of ["logind", "auto"]) {
  Deno.test(`${source}: logind is down if it has not run, even if its folders exist`, async () => {
    await using folder = await logindFolder();
    await Deno.remove(`${folder.path}/seats/seat0`);
    await using file = await utmpFile();
    const flags = [`--source=${source}`, file.flag, `--logind-path=${folder.path}`];
    const { code, stdout, stderr } = await runExporter(["--once", ...flags]);
    assertEquals(code, 1);
    assertEquals(seriesOf(stdout, ...SESSION_METRIC_NAMES), []);
    assert(seriesOf(stdout, UP).includes(`${UP}{source="logind"} 0`));
    assertMatch(stderr, /source=logind .* reason=missing error="systemd-logind has not run: /);
  });
}

/** How many sessions there are at a time, how many start at least, and how many scrapes there are. */
const [STANDING, LEAST_STARTED, SCRAPES] = [300, 5_000, 200];

Deno.test(`${LEAST_STARTED} sessions start and end during ${SCRAPES} scrapes: every count is possible`, async () => {
  await using folder = await logindFolder();
  await using exporter = await startExporter(options(folder));
  /** Sessions whose file certainly exists, and those whose file may exist. */
  const [certain, possible] = [new Set<string>(), new Set<string>()];
  /** The same for the whole time of the running scrape. */
  let scrape = { certain: new Set<string>(), possible: new Set<string>() };
  let [started, isOver] = [0, false];
  const writing = (async () => {
    while (started < LEAST_STARTED || !isOver) {
      const id = `s${started++}`;
      for (const set of [possible, scrape.possible]) set.add(id);
      await folder.write(id, `user${started % 50}`);
      certain.add(id);
      const [oldest] = certain;
      if (certain.size <= STANDING || oldest === undefined) continue;
      for (const set of [certain, scrape.certain]) set.delete(oldest);
      await folder.remove(oldest);
      possible.delete(oldest);
    }
  })();
  try {
    for (let i = 0; i < SCRAPES; i++) {
      scrape = { certain: new Set(certain), possible: new Set(possible) };
      const body = await exporter.scrape();
      const [least, most] = [scrape.certain.size, scrape.possible.size];
      const count = valueOf(body, "unix_users_logged_in_total");
      assert(least <= count && count <= most, `${least} <= ${count} <= ${most}`);
      assertEquals(valueOf(body, "unix_user_exporter_faulty_records"), 0);
    }
  } finally {
    isOver = true;
    await writing;
  }
  assertEquals(valueOf(await exporter.scrape(), "unix_users_logged_in_total"), certain.size);
});
