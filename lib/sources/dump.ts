import { type FileOpener, openRegularFile, readAt } from "../files/open_file.ts";
import { failureOf, type FileFailure } from "../files/files.ts";
import type { Result } from "../result.ts";
import { type DroppedLabels, sessionLabels } from "../sessions/dropped_labels.ts";
import { isIncluded } from "../sessions/record_filter.ts";
import { EVERYBODY, type UserFilter } from "../sessions/user_filter.ts";
import { chooseLayout, type Fault, type LayoutName, LAYOUTS, utmpEntries } from "../utmp/mod.ts";

/** As much of a file is in memory at a time, in bytes. It decides the layout. */
const CHUNK = 8 * 1024 * 1024;

/** How records are printed. */
export interface DumpOptions {
  readonly path: string;
  /** See {@link chooseLayout}. */
  readonly wanted: LayoutName | "auto";
  readonly native: LayoutName;
  /** Dropped labels are empty; times are omitted. */
  readonly dropped: DroppedLabels;
  /** With a filter, only records of included users and of the system are printed, and no offsets. */
  readonly filter: UserFilter;
}

/**
 * Prints the records of a utmp, wtmp or btmp file of any size: for each part of the file, `print` gets its records
 * in their order as JSON, then its faults. Fails if the file cannot be read or does not match a layout; its
 * records are printed nevertheless. Does not reject.
 */
export async function printDump(
  files: FileOpener,
  options: DumpOptions,
  print: (lines: Iterable<string>) => number,
): Promise<Result<number>> {
  const { path, wanted, native } = options;
  const opened = await openRegularFile(files, path);
  if (!opened.ok) return cannotRead(path, opened);
  const { file } = opened;
  try {
    let bytes = await readAt(file, new Uint8Array(CHUNK), 0);
    const { layout, isMatch } = chooseLayout(bytes, { wanted, native });
    const { size } = LAYOUTS[layout];
    for (let start = 0; bytes.length > 0;) {
      const isLast = bytes.length < CHUNK;
      const length = isLast ? bytes.length : bytes.length - bytes.length % size;
      const code = print(linesOf(bytes.subarray(0, length), { start, layout, options }));
      if (code !== 0 || isLast) return outcomeOf({ code, isMatch, path, layout });
      start += length;
      bytes = await readAt(file, new Uint8Array(CHUNK), start);
    }
    return outcomeOf({ code: 0, isMatch, path, layout });
  } catch (error) {
    return cannotRead(path, failureOf(error));
  } finally {
    file.close();
  }
}

function outcomeOf({ code, isMatch, path, layout }: {
  readonly code: number;
  readonly isMatch: boolean;
  readonly path: string;
  readonly layout: LayoutName;
}): Result<number> {
  if (code !== 0 || isMatch) return { ok: true, value: code };
  return { ok: false, error: `${path} is not a utmp file of layout ${layout}` };
}

function cannotRead(path: string, { reason, error }: FileFailure): Result<number> {
  return { ok: false, error: `cannot read ${path}: ${reason}: ${error}` };
}

function* linesOf(
  bytes: Uint8Array,
  { start, layout, options: { filter, dropped } }: {
    /** Where the bytes are in the file. */
    readonly start: number;
    readonly layout: LayoutName;
    readonly options: DumpOptions;
  },
): Generator<string> {
  const faults: Fault[] = [];
  const hidden = new Set([
    ...(filter === EVERYBODY ? [] : ["offset"]),
    ...(dropped.has("login_time") ? ["seconds", "microseconds"] : []),
  ]);
  for (const entry of utmpEntries(bytes, layout)) {
    if ("why" in entry) {
      faults.push(entry);
      continue;
    }
    if (!isIncluded(entry, filter)) continue;
    const record = entry.decoded();
    const { username: user, from: host, tty: line } = sessionLabels(
      { username: record.user, from: record.host, tty: record.line },
      dropped,
    );
    const fields = {
      ...record,
      offset: start + record.offset,
      ...{ line, user, host },
      ...(dropped.has("tty") ? { id: "" } : {}),
      ...(dropped.has("from") ? { address: "" } : {}),
    };
    yield JSON.stringify(fields, (name, value) => hidden.has(name) ? undefined : value);
  }
  for (const { offset, length, why } of faults) {
    yield JSON.stringify(filter === EVERYBODY ? { offset: start + offset, length, why } : { why });
  }
}
