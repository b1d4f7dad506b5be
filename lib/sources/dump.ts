import { type Files, readRegularFile, statRegularFile } from "../files/files.ts";
import { chooseLayout, type Fault, type LayoutName, utmpEntries } from "../utmp/mod.ts";

/** What `--dump` shows of a utmp file. */
export interface Dump {
  /** JSON: each record in the order of the file, then each fault; made one at a time as they are asked for. */
  readonly lines: Iterable<string>;
  /** Why the file could not be read or is no utmp file; null where it is one, or is empty. */
  readonly error: string | null;
}

/** Reads a utmp file; `wanted` and `native` are as {@link chooseLayout} takes them. Does not throw. */
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
  if (!read.ok) return { lines: [], error: `cannot read ${path}: ${read.reason}: ${read.error}` };
  const { layout, isMatch } = chooseLayout(read.bytes, layouts);
  const error = isMatch ? null : `${path} is not a utmp file of layout ${layout}`;
  return { lines: linesOf(read.bytes, layout), error };
}

function* linesOf(bytes: Uint8Array, layout: LayoutName): Generator<string> {
  const faults: Fault[] = [];
  for (const entry of utmpEntries(bytes, layout)) {
    if ("why" in entry) faults.push(entry);
    else yield JSON.stringify(entry.decoded());
  }
  for (const fault of faults) yield JSON.stringify(fault);
}
