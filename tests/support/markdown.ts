/** The Markdown files of the repository, by path. */
export async function markdownFiles(): Promise<ReadonlyMap<string, string>> {
  const folders = [".", "docs", "dashboards"];
  const found = await Promise.all(folders.map(async (folder) => {
    const paths: string[] = [];
    for await (const { name } of Deno.readDir(folder)) {
      if (name.endsWith(".md")) paths.push(folder === "." ? name : `${folder}/${name}`);
    }
    return paths;
  }));
  const texts = found.flat().map(async (path) => [path, await Deno.readTextFile(path)] as const);
  return new Map(await Promise.all(texts));
}

/** The lines of the fenced code blocks of a language; lines that end with a backslash are joined. */
export function codeBlocks(text: string, language: string): readonly string[] {
  return [...text.matchAll(new RegExp(`^ *\`\`\`${language}\n([^]*?)^ *\`\`\`$`, "gm"))]
    .flatMap(([, block = ""]) => block.replaceAll(/\\\n\s*/g, "").split("\n"))
    .map((line) => line.replace(/ +#.*$/, "").trim())
    .filter((line) => line !== "");
}

/** What stands between backticks in a line. */
export function inlineCode(text: string): readonly string[] {
  return [...text.matchAll(/`([^`\n]+)`/g)].map(([, code = ""]) => code);
}

/** The cells of the first table below a heading, row by row, without its head. */
export function tableRows(text: string, heading: string): readonly (readonly string[])[] {
  const [, section = ""] = text.split(new RegExp(`^#+ ${heading}$`, "m"));
  const [table = ""] = /(^\|.*\|\n)+/m.exec(section) ?? [];
  return table.trim().split("\n").slice(2).map((line) =>
    line.slice(1, -1).split(/(?<!\\)\|/).map((cell) => cell.trim())
  );
}

/** The first column of {@link tableRows}. */
export function tableCells(text: string, heading: string): readonly string[] {
  return tableRows(text, heading).map(([cell = ""]) => cell);
}
