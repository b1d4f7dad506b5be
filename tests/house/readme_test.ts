import { CATALOG } from "../../lib/catalog.ts";
import { environmentName, OPTION_NAMES, OPTIONS, usageOf } from "../../lib/options.ts";
import { assert, assertEquals } from "../assert.ts";

const README = "README.md";

/** A table cell: no bar may end it. */
function cell(text: string): string {
  return text.replaceAll("|", "\\|");
}

function code(text: string): string {
  return text === "" ? "" : `\`${text}\``;
}

/** A Markdown table whose columns are as wide as their longest cell, as `deno fmt` writes it. */
function table(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, i) => Math.max(...rows.map((row) => row[i]?.length ?? 0)));
  const line = (row: readonly string[], fill: string): string =>
    `| ${row.map((text, i) => text.padEnd(widths[i] ?? 0, fill)).join(" | ")} |`;
  const [head = [], ...body] = rows;
  return [line(head, " "), line(head.map(() => ""), "-"), ...body.map((row) => line(row, " "))]
    .join("\n");
}

function flagTable(): string {
  const rows = OPTION_NAMES.map((name) => {
    const { defaultValue, help } = OPTIONS[name];
    return [code(usageOf(name)), code(environmentName(name)), code(defaultValue), help].map(cell);
  });
  return table([["flag", "variable", "default", "meaning"], ...rows]);
}

function metricTable(): string {
  const rows = CATALOG.map(({ name, type, labels, series, help }) =>
    [
      code(name),
      type,
      labels.map(code).join(" "),
      series,
      help,
    ].map(cell)
  );
  return table([["metric", "type", "labels", "series", "meaning"], ...rows]);
}

/** The text with what stands between the two comments of this name replaced. */
function withSection(text: string, name: string, content: string): string {
  const section = new RegExp(`(<!-- ${name}: .* -->\n)[^]*(<!-- end of ${name} -->)`);
  assert(section.test(text), `README.md has a section ${name}`);
  return text.replace(section, (_, begin, end) => `${begin}\n${content}\n\n${end}`);
}

Deno.test("golden: the tables of README are those of the options and of the catalog", async () => {
  const readme = await Deno.readTextFile(README);
  const expected = withSection(withSection(readme, "flags", flagTable()), "metrics", metricTable());
  if (Deno.env.get("UPDATE_GOLDEN") === "1") await Deno.writeTextFile(README, expected);
  else assertEquals(readme, expected);
});

Deno.test("README names each dependency with its version", async () => {
  const readme = await Deno.readTextFile(README);
  const { imports }: { readonly imports: Readonly<Record<string, string>> } = JSON.parse(
    await Deno.readTextFile("deno.json"),
  );
  const packages = new Set(
    Object.values(imports).map((target) => /^(npm:(?:@[\w-]+\/)?[\w-]+)@([\w.-]+)/.exec(target)),
  );
  const missing = [...packages].filter((found) =>
    !readme.includes(`\`${found?.[1]}\` ${found?.[2]}`)
  );
  assertEquals(missing, []);
});

Deno.test("the commands of README are for this version", async () => {
  const readme = await Deno.readTextFile(README);
  const { version }: { readonly version: string } = JSON.parse(
    await Deno.readTextFile("deno.json"),
  );
  const named = [...readme.matchAll(/unix-user-exporter[-_:](\d+\.\d+\.\d+)/g)];
  assert(named.length > 0);
  assertEquals([...new Set(named.map(([, each]) => each))], [version]);
});
