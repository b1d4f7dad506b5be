import { assertEquals, assertMatch } from "../support/assert.ts";
import { startExporter } from "../support/exporter.ts";
import { readAllGroups } from "../support/rules.ts";
import { samplesOf } from "../support/samples.ts";
import { tempDir } from "../support/temp_dir.ts";
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
