import { assert, assertEquals, assertMatch } from "../support/assert.ts";
import { runExporter } from "../support/program.ts";
import { seriesOf } from "../support/samples.ts";
import { fixture, tempDir } from "../support/temp_dir.ts";

/** Node before 22.13 has no SQLite that opens databases read-only. */
const OLD_NODE = /denoversion="node-(?:1\d|20|21|22\.(?:\d|1[012]))\./;

const PATHS = {
  wtmpdb: fixture("wtmpdb.db").pathname,
  lastlog2: fixture("lastlog2.db").pathname,
};

const FLAGS = Object.entries(PATHS).map(([name, path]) => `--${name}-path=${path}`);

const UP = "unix_user_exporter_source_up";

Deno.test("the databases of a Debian 13 are read, or clearly refused where there is no SQLite", async () => {
  const { code, stdout, stderr } = await runExporter([
    "--once",
    `--utmp-path=${fixture("x86_64.utmp").pathname}`,
    ...FLAGS,
  ]);
  const logins = seriesOf(stdout, "unix_logins_total").filter((line) => !line.endsWith(" 0"));
  const up = seriesOf(stdout, UP);
  if (OLD_NODE.test(stdout)) {
    assertEquals(logins, []);
    assertEquals(up.filter((line) => line.endsWith(" 0")).length, 2);
    for (const name of Object.keys(PATHS)) {
      const pattern = `source=${name} .*reason=io .*cannot read SQLite.*Node 22\\.13 or later`;
      assertMatch(stderr, new RegExp(pattern));
    }
    return;
  }
  assertEquals([code, up.every((line) => line.endsWith(" 1"))], [0, true], stderr);
  assertEquals(logins, ['unix_logins_total{kind="pty",remote="true"} 2']);
  const latest = seriesOf(stdout, "unix_user_last_login_timestamp_seconds");
  for (const line of ['{username="tess"} 1795716218.620436', '{username="root"} 1795716217']) {
    assert(latest.some((sample) => sample.endsWith(line)), `${line} in ${latest}`);
  }
});

Deno.test("a file that is not a database fails with its path and advice, and sessions are still served", async () => {
  await using dir = await tempDir();
  await Deno.writeTextFile(dir.join("wtmp.db"), "not a database\n".repeat(100));
  const { stdout, stderr } = await runExporter([
    "--once",
    `--utmp-path=${fixture("x86_64.utmp").pathname}`,
    `--wtmpdb-path=${dir.join("wtmp.db")}`,
  ]);
  assertEquals(seriesOf(stdout, UP), [`${UP}{source="utmp"} 1`, `${UP}{source="wtmpdb"} 0`]);
  assertEquals(seriesOf(stdout, "unix_logins_total", "unix_users_logged_in_total"), [
    "unix_users_logged_in_total 3",
  ]);
  const line = stderr.split("\n").find((text) => text.includes("source=wtmpdb")) ?? "";
  assertMatch(line, /wtmp\.db reason=malformed .*not an SQLite database.*--wtmpdb-path/);
});
