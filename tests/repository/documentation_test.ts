import { CATALOG } from "../../lib/metrics/catalog.ts";
import { readConfig } from "../../lib/cli/config.ts";
import { environmentName, OPTION_NAMES, OPTIONS, usageOf } from "../../lib/cli/options.ts";
import { FAILURE_REASONS } from "../../lib/sessions/snapshot.ts";
import { LAYOUT_NAMES, LAYOUTS } from "../../lib/utmp/layout.ts";
import { assert, assertEquals, fail } from "../support/assert.ts";
import { selectorsOf } from "../support/promql.ts";
import {
  codeBlocks,
  inlineCode,
  markdownFiles,
  tableCells,
  tableRows,
} from "../support/markdown.ts";
import { programSources } from "../support/modules.ts";

/** README is the first page of the project: everything that not every reader needs is in docs/. */
const MAX_README_BYTES = 15_000;

/** A Markdown table whose columns are as wide as their longest cell, as `deno fmt` writes it. */
function table(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, i) => Math.max(...rows.map((row) => row[i]?.length ?? 0)));
  const line = (row: readonly string[], fill: string): string =>
    `| ${row.map((text, i) => text.padEnd(widths[i] ?? 0, fill)).join(" | ")} |`;
  const [head = [], ...body] = rows;
  return [line(head, " "), line(head.map(() => ""), "-"), ...body.map((row) => line(row, " "))]
    .join("\n");
}

const FILES = await markdownFiles();

function textOf(path: string): string {
  return FILES.get(path) ?? fail(`${path} is not a document`);
}

function code(text: string): string {
  return text === "" ? "" : `\`${text}\``;
}

const FLAGS = OPTION_NAMES.map((name) => {
  const { defaultValue, help } = OPTIONS[name];
  return [code(usageOf(name)), code(environmentName(name)), code(defaultValue), help];
});
const METRICS = CATALOG.map((
  { name, type, labels, series, help },
) => [code(name), type, labels.map(code).join(" "), series, help]);

for (
  const [name, head, rows] of [
    ["flags", ["flag", "variable", "default", "meaning"], FLAGS],
    ["metrics", ["metric", "type", "labels", "series", "meaning"], METRICS],
  ] as const
) {
  Deno.test(`golden: the table of docs/${name}.md is complete and up to date`, async () => {
    const path = `docs/${name}.md`;
    const text = await Deno.readTextFile(path);
    const section = new RegExp(`(<!-- ${name}: .* -->\n)[^]*(<!-- end of ${name} -->)`);
    assert(section.test(text), `${path} has a section ${name}`);
    // A bar in a cell does not end it.
    const content = table(
      [head, ...rows].map((row) => row.map((text) => text.replaceAll("|", "\\|"))),
    );
    const expected = text.replace(section, (_, begin, end) => `${begin}\n${content}\n\n${end}`);
    if (Deno.env.get("UPDATE_GOLDEN") === "1") await Deno.writeTextFile(path, expected);
    else assertEquals(text, expected);
  });
}

Deno.test("README is short enough to be read", async () => {
  const { size } = await Deno.stat("README.md");
  assert(size <= MAX_README_BYTES, `${size} bytes`);
});

const README_FLAGS = OPTION_NAMES.map((
  name,
) => [code(`--${name}`), code(OPTIONS[name].defaultValue)]);

for (
  const [heading, count, known] of [
    ["Important metrics", 8, METRICS.map(([name, , labels]) => [name, labels])],
    ["Common flags", 6, README_FLAGS],
  ] as const
) {
  Deno.test(`README, ${heading}: the first two columns are right`, () => {
    const rows = tableRows(textOf("README.md"), heading);
    assertEquals(rows.length, count);
    for (const [name, value] of rows) {
      assertEquals(known.find(([each]) => each === name), [name, value]);
    }
  });
}

for (const [path, text] of FILES) {
  Deno.test(`${path}: every metric, flag, variable and target of make exists`, async () => {
    const metrics = CATALOG.map(({ name }) => name);
    const variables = OPTION_NAMES.map(environmentName);
    const prefixes = OPTION_NAMES.flatMap((name) => name.match(/^\w+[.-]/) ?? []);
    const makefile = await Deno.readTextFile("Makefile");
    const found = (pattern: RegExp): readonly string[] => text.match(pattern) ?? [];
    const flags = found(/(?<=(?<![\w-])--)[a-z][\w.-]*\w/g).filter((name) =>
      prefixes.some((prefix) => name.startsWith(prefix))
    );
    const targets = [...codeBlocks(text, "sh"), ...inlineCode(text)].flatMap((line) =>
      /^(?:[A-Z_]+=\S+ )*make ([a-z][a-z0-9 -]*)/.exec(line)?.[1]?.trim().split(" ") ?? []
    );
    const names = [
      ...found(/(?<![\w:-])unix_(?!users?\b)\w+(?![\w*]|:)/g).filter((name) =>
        !metrics.includes(name)
      ),
      ...flags.filter((flag) => !OPTION_NAMES.some((name) => name === flag)),
      ...found(/UUE_\w+/g).filter((name) => !variables.includes(name)),
    ];
    // The changelog also has names that no longer exist.
    assertEquals(path === "CHANGELOG.md" ? [] : names, []);
    assertEquals(targets.filter((target) => !makefile.includes(`\n${target}:`)), []);
  });
}

Deno.test("every PromQL expression in a document is one, and reads metrics", () => {
  const texts = [...FILES.values()];
  const expressions = texts.flatMap((text) => codeBlocks(text, "promql"));
  assert(expressions.length >= 3);
  for (const expression of expressions) assert(selectorsOf(expression).length > 0, expression);
});

/** How a document starts the exporter: as a program, with make, or as an image. */
const COMMAND =
  /(?:^(?:\.\/)?unix-user-exporter|^make run ARGS="| unix-user-exporter:[\d.]+ (?=--))(.*?)(?:[">|&].*)?$/;

Deno.test("every command of the exporter in a document can be run as it is", () => {
  let commands = 0;
  for (const [path, text] of FILES) {
    for (const line of codeBlocks(text, "sh")) {
      const [, words] = COMMAND.exec(line) ?? [];
      if (words === undefined) continue;
      const args = words.replaceAll("'", "").split(" ").filter((word) => word !== "");
      assert(readConfig(args, () => undefined).ok, `${path}: ${line}`);
      commands++;
    }
  }
  assert(commands > 10, `${commands} commands`);
});

Deno.test("every link between documents leads to a file and to a heading", async () => {
  for (const [path, text] of FILES) {
    for (const [, target = ""] of text.matchAll(/\]\(([^)\s]+)\)/g)) {
      if (/^https:/.test(target) || /^(\.\.\/)+releases$/.test(target)) continue;
      const [file = "", anchor] = target.split("#");
      const to = file === "" ? path : new URL(file, `file:///${path}`).pathname.slice(1);
      await Deno.stat(to).catch(() => assert(false, `${path}: ${target}`));
      if (anchor !== undefined) {
        assert(anchorsOf(textOf(to)).includes(anchor), `${path}: ${target}`);
      }
    }
  }
});

/** The anchors of the headings, as GitHub makes them. */
function anchorsOf(text: string): readonly string[] {
  return [...text.matchAll(/^#+ (.+)$/gm)].map(([, title = ""]) =>
    title.toLowerCase().replaceAll(/[^\w\s-]/g, "").replaceAll(" ", "-")
  );
}

Deno.test("README lists each document", () => {
  const others = [...FILES.keys()].filter((path) => path !== "README.md");
  assertEquals(others.filter((path) => !textOf("README.md").includes(`(${path})`)), []);
});

Deno.test("docs/sources.md has every layout", () => {
  const layouts = LAYOUT_NAMES.map((name) => {
    const { size, littleEndian } = LAYOUTS[name];
    return [code(name), `${size} bytes`, littleEndian ? "little" : "big"];
  });
  const rows = tableRows(textOf("docs/sources.md"), "Layouts");
  assertEquals(rows.map((row) => row.slice(0, 3)), layouts);
});

Deno.test("troubleshooting has every reason of a failure, and log messages that exist", async () => {
  const text = textOf("docs/troubleshooting.md");
  assertEquals(
    tableCells(text, "A source cannot be read").toSorted(),
    FAILURE_REASONS.map((reason) => code(`reason=${reason}`)).toSorted(),
  );
  const sources = [...(await programSources()).values()].join("\n");
  const [, section = ""] = /\n## Log messages\n([^]*?)\n## /.exec(text) ?? [];
  const listed = [...section.matchAll(/^- `([^`]+)`:/gm)].map(([, message = ""]) => message);
  assert(listed.length > 5);
  const messages = ["cannot read the sessions", ...listed];
  assertEquals(messages.filter((message) => !sources.includes(`"${message}"`)), []);
});

/** The parts of deno.json that documents name. */
const { version, imports }: {
  readonly version: string;
  readonly imports: Readonly<Record<string, string>>;
} = JSON.parse(await Deno.readTextFile("deno.json"));

Deno.test("CONTRIBUTING names each dependency with its version", () => {
  const text = textOf("CONTRIBUTING.md");
  for (const target of Object.values(imports)) {
    const [, name, version] = /^(npm:(?:@[\w-]+\/)?[\w-]+)@([\w.-]+)/.exec(target) ?? [];
    assert(name !== undefined && text.includes(`\`${name}\` ${version}`), target);
  }
});

Deno.test("every document starts a container as README does", () => {
  const starts = [...FILES].flatMap(([path, text]) =>
    [...text.matchAll(/^docker run --detach [^`]*/gm)].map(([command]) => ({ path, command }))
  );
  const readme = starts.find(({ path }) => path === "README.md")?.command ?? fail("no container");
  const lines = readme.trim().split("\n");
  for (const { path, command } of starts) {
    assertEquals(lines.filter((line) => !command.includes(line)), [], path);
  }
  assertEquals(starts.length, 3);
});

Deno.test("the commands of the documents are for this version", () => {
  const found = [...FILES].flatMap(([path, text]) =>
    [...text.matchAll(/unix-user-exporter[-_:](\d+\.\d+\.\d+)|refs\/tags\/v(\d+\.\d+\.\d+)/g)]
      .map(([, file, tag]) => ({ path, named: file ?? tag }))
  );
  assertEquals(found.filter(({ named }) => named !== version), []);
  assertEquals(
    [...new Set(found.map(({ path }) => path))].toSorted(),
    [
      "README.md",
      ...["containers", "install", "past-logins", "security"].map((name) => `docs/${name}.md`),
    ],
  );
});
