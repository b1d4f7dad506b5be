import { type Files, readRegularFile, statRegularFile } from "../files/files.ts";
import { PASSED, type Result } from "../result.ts";
import { chooseLayout, type Fault, type LayoutName, utmpEntries } from "../utmp/mod.ts";

/** The output of `--dump`. */
export interface Dump {
  /** JSON: each record in the order of the file, then each fault. Each line is created when it is read. */
  readonly lines: Iterable<string>;
  /** Whether the file could be read and is a utmp file, or is empty. */
  readonly checked: Result<undefined>;
}

/** Reads a utmp file. For `wanted` and `native` see {@link chooseLayout}. Does not reject. */
export async function readDump(
  files: Files,
  { path, ...layouts }: {
    readonly path: string;
    readonly wanted: LayoutName | "auto";
    readonly native: LayoutName;
  },
): Promise<Dump> {
  const found = await statRegularFile(files, path);
  const read = found.ok ? await readRegularFile(files, path) : found;
  if (!read.ok) {
    const error = `cannot read ${path}: ${read.reason}: ${read.error}`;
    return { lines: [], checked: { ok: false, error } };
  }
  const { layout, isMatch } = chooseLayout(read.bytes, layouts);
  const error = `${path} is not a utmp file of layout ${layout}`;
  return { lines: linesOf(read.bytes, layout), checked: isMatch ? PASSED : { ok: false, error } };
}

function* linesOf(bytes: Uint8Array, layout: LayoutName): Generator<string> {
  const faults: Fault[] = [];
  for (const entry of utmpEntries(bytes, layout)) {
    if ("why" in entry) faults.push(entry);
    else yield JSON.stringify(entry.decoded());
  }
  for (const fault of faults) yield JSON.stringify(fault);
}
