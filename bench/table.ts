/** Prints the row of a Markdown table as soon as it is known. */
export function printRow(...cells: readonly (string | number)[]): void {
  print(`| ${cells.join(" | ")} |`);
}

/** Prints a title and the head of a table; every column but the first is aligned right. */
export function printHead(title: string, ...names: readonly string[]): void {
  print(`\n${title}\n`);
  printRow(...names);
  printRow(...names.map((_, i) => i === 0 ? "---" : "---:"));
}

/** Bytes as MiB. */
export function mebibytes(bytes: number): string {
  return `${(bytes / 2 ** 20).toFixed(1)} MiB`;
}

/** The middle of some numbers. */
export function median(numbers: readonly number[]): number {
  return numbers.toSorted((a, b) => a - b)[numbers.length >> 1] ?? NaN;
}

function print(line: string): void {
  Deno.stdout.writeSync(new TextEncoder().encode(`${line}\n`));
}
