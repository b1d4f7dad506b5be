import { assertEquals, assertMatch } from "../support/assert.ts";
import { startExporter } from "../support/exporter.ts";
import { sshFailures } from "../support/history.ts";
import { readAllGroups } from "../support/rules.ts";
import { samplesOf } from "../support/samples.ts";
import { fixture, tempDir } from "../support/temp_dir.ts";
import { login, writeUtmp } from "../support/utmp_file.ts";

Deno.test("a host has the series that docs/scale.md counts", async () => {
  await using dir = await tempDir();
  const path = dir.join("utmp");
  await writeUtmp(path, []);
  await using exporter = await startExporter([`--utmp-path=${path}`]);
  const text = (await Deno.readTextFile("docs/scale.md")).replaceAll("\n", " ");
  const idle = samplesOf(await exporter.scrape()).length;
  assertMatch(text, new RegExp(`A host has ${idle} series without any session`));
  await writeUtmp(path, [{ type: "boot_time", line: "~", user: "reboot", seconds: 1_753_000_000 }]);
  assertEquals(samplesOf(await exporter.scrape()).length, idle + 1);

  // Two for each session, one for each user and for each address: 4, 3 and 4 of them.
  const users = ["a", "b", "c", "a"];
  await writeUtmp(path, users.map((user, i) => login(user, `pts/${i}`, `10.0.0.${i}`)));
  const busy = samplesOf(await exporter.scrape()).length;
  assertEquals(busy, idle + 2 * 4 + 3 + 4);
  assertMatch(text, new RegExp(`series of a host in a scrape +\\| ${busy} `));
  assertMatch(text, new RegExp(`which makes ${busy + 5} samples a scrape`));
});

/** The sources of past logins of a host; the series they add, and how many users ever logged in. */
const PAST_LOGINS = [
  { sources: ["wtmp", "btmp"], series: 32, users: 10 },
  // One user is in the database, three have sessions.
  { sources: ["wtmpdb", "btmp"], series: 32, users: 1 + 3 },
  { sources: ["wtmp", "wtmpdb", "btmp"], series: 32 + 10, users: 10 + 1 },
  { sources: ["wtmp", "lastlog2", "btmp"], series: 32 + 9, users: 10 + 2 },
] as const;

for (const { sources, series, users } of PAST_LOGINS) {
  Deno.test(`${sources.join(", ")} add the series that docs/scale.md counts`, async () => {
    await using dir = await tempDir();
    const text = (await Deno.readTextFile("docs/scale.md")).replaceAll("\n", " ");
    const names = Array.from({ length: 10 }, (_, i) => `user${i}`);
    const sessions = [0, 1, 2, 0].map((user, i) => login(`user${user}`, `pts/${i}`, `10.0.0.${i}`));
    await writeUtmp(dir.join("utmp"), sessions);
    await writeUtmp(dir.join("wtmp"), names.map((name) => login(name, "pts/0")));
    const addresses = Array.from({ length: 25 }, (_, i) => `10.0.1.${i}`);
    await writeUtmp(dir.join("btmp"), sshFailures(...addresses));
    const paths = {
      ...{ wtmp: dir.join("wtmp"), btmp: dir.join("btmp") },
      ...{ wtmpdb: fixture("wtmpdb.db").pathname, lastlog2: fixture("lastlog2.db").pathname },
    };
    await using exporter = await startExporter([
      `--utmp-path=${dir.join("utmp")}`,
      ...sources.map((source) => `--${source}-path=${paths[source]}`),
    ]);
    const [, busy] = /series of a host in a scrape +\| (\d+) /.exec(text) ?? [];
    const counted = samplesOf(await exporter.scrape()).length;
    assertEquals(counted, Number(busy) + series + users + 20);
    if (users === 10) assertMatch(text, new RegExp(`the host above has ${counted} series`));
  });
}

Deno.test("docs/scale.md has every recording rule and every group", async () => {
  const text = await Deno.readTextFile("docs/scale.md");
  const all = await readAllGroups();
  const records = all.flatMap(({ rules }) =>
    rules.flatMap((rule) => "record" in rule ? [rule.record] : [])
  );
  const rows = [...text.matchAll(/^\| `(\w+:\w+:\w+)` +\| /gm)].map(([, record]) => record);
  assertEquals(rows, records);
  const groups = [...text.matchAll(/^\| `([\w-]+)` +\| [\d.]+ ms +\| (.+?) +\|$/gm)];
  assertEquals(
    groups.map(([, name, interval]) => [name, interval]),
    all.map(({ name, interval }) => [name, interval === "5m" ? "5 minutes" : "minute"]),
  );
});
