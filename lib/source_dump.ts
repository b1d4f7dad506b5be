import { type Files, readRegularFile, statRegularFile } from "./source_file.ts";
import { decodeUtmp } from "./utmp/decode.ts";
import { chooseLayout } from "./utmp/detect.ts";
import type { LayoutName } from "./utmp/layout.ts";

/** What `--dump` shows of a utmp file. */
export interface Dump {
  /** JSON: each record in the order of the file, then each fault. */
  readonly lines: readonly string[];
  /** Why the file could not be read or holds no record; null where it does, or is empty. */
  readonly error: string | null;
}

/** Reads and decodes a utmp file; `wanted` and `native` are as {@link chooseLayout} takes them. Does not throw. */
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
  const layout = chooseLayout(read.bytes, layouts);
  const { records, faults } = decodeUtmp(read.bytes, layout);
  const lines = [...records, ...faults].map((entry) => JSON.stringify(entry));
  const isForeign = records.length === 0 && faults.length > 0;
  return { lines, error: isForeign ? `nothing in ${path} is a record of layout ${layout}` : null };
}
