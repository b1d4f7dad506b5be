// @ts-types="../declarations/std_bytes_equals.d.ts"
import { equals } from "@std/bytes/equals";
import type { Clock } from "../clock.ts";
import { type FileFailure, type Files, statRegularFile } from "../files/files.ts";
import { LARGE } from "../files/fingerprint.ts";
import type { Log } from "../log.ts";
import { type FailureReason, type ReadResult, utmpSnapshot } from "../sessions/snapshot.ts";
import type { UserFilter } from "../sessions/user_filter.ts";
import { runSliced } from "../time_slices.ts";
import { chooseLayout, type LayoutName, utmpEntries } from "../utmp/mod.ts";
import { type Content, ReadCache } from "./read_cache.ts";
import type { RecordLog } from "./record_log.ts";
import type { Source } from "./source.ts";
import { UtmpChangeLog } from "./utmp_change_log.ts";
import { type UtmpBytes, UtmpReader } from "./utmp_reader.ts";

/** What a user can do about a file that cannot be read. */
const ADVICE: Readonly<Record<FailureReason, string>> = {
  missing: "check --utmp-path; a container needs the file mounted; " +
    "a system whose systemd no longer writes utmp has none",
  denied: "let the user of this program read the file; " +
    "it cannot read below /proc, /sys and /dev, mount them elsewhere",
  not_regular: "point --utmp-path at a regular file",
  too_large: "this is not the utmp file of a running system; check --utmp-path",
  io: "check the file system of the file",
  malformed: "this is not a utmp file of Linux; check --utmp-path and --utmp-layout",
};

/** The configuration of a {@link UtmpSource}. */
export interface UtmpSourceOptions {
  readonly path: string;
  /** The layout of the file; `auto` detects it in the content. */
  readonly layout: LayoutName | "auto";
  /** The layout of the machine that the program was built for. It decides a tie. */
  readonly nativeLayout: LayoutName;
  readonly files: Files;
  readonly clock: Clock;
  readonly log: Log;
  /** Users whose sessions are read. */
  readonly filter: UserFilter;
  /** Logs the records of a changed file at level debug. */
  readonly recordLog: RecordLog;
}

/** The content of the file at one moment. */
interface UtmpContent extends Content {
  readonly fingerprint: Uint8Array;
  readonly layout: LayoutName;
}

/** Sessions from a utmp file. */
export class UtmpSource implements Source {
  readonly #options: UtmpSourceOptions;
  readonly #cache: ReadCache<UtmpContent>;
  readonly #reader: UtmpReader;
  readonly #changes: UtmpChangeLog;

  constructor(options: UtmpSourceOptions) {
    this.#options = options;
    this.#cache = new ReadCache({ source: "utmp", advice: ADVICE, ...options });
    this.#reader = new UtmpReader(options);
    this.#changes = new UtmpChangeLog(options);
  }

  /**
   * The sessions now. The file is read if its state changed, if its last change is so recent that the next one
   * may have the same time, and after `MAX_AGE`. Never rejects.
   */
  async read(): Promise<ReadResult> {
    const { files, path } = this.#options;
    const found = await statRegularFile(files, path);
    return await this.#cache.result(found, async (version, last) => {
      const read = await this.#reader.read(version, last);
      if (!read.ok) return read;
      const content = await this.#contentOf(read, last?.content);
      if (read.bytes.length > LARGE) release(read.bytes);
      return content;
    });
  }

  /** The decoded bytes; the previous object if the bytes are the same. */
  async #contentOf(
    { bytes, fingerprint }: UtmpBytes,
    previous: UtmpContent | undefined,
  ): Promise<UtmpContent> {
    if (previous !== undefined && equals(previous.fingerprint, fingerprint)) return previous;
    const { path, layout: wanted, nativeLayout, clock, filter, recordLog } = this.#options;
    // An empty file keeps the layout of its earlier content.
    const native = this.#changes.layout ?? nativeLayout;
    const { layout, isMatch } = chooseLayout(bytes, { wanted, native });
    if (!isMatch) return { fingerprint, layout, decoded: malformed(wanted) };
    await runSliced(recordLog.logUtmp(bytes, { path, layout }), clock);
    const snapshot = await runSliced(utmpSnapshot(utmpEntries(bytes, layout), { filter }), clock);
    this.#changes.update(snapshot, { bytes, layout });
    return { fingerprint, layout, decoded: { ok: true, snapshot } };
  }
}

function malformed(wanted: LayoutName | "auto"): FileFailure {
  const error = wanted === "auto"
    ? "its content does not match any known layout"
    : `its content does not match the layout ${wanted}`;
  return { ok: false, reason: "malformed", error };
}

/** Frees the memory of bytes at once; garbage collection may take long. Node 20 cannot do this. */
function release({ buffer }: Uint8Array): void {
  if (buffer instanceof ArrayBuffer && "transfer" in buffer) buffer.transfer(0);
}
