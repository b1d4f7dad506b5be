// @ts-types="./declarations/std_bytes_equals.d.ts"
import { equals } from "@std/bytes/equals";
import type { Clock } from "./clock.ts";
import { type FileVersion, isCurrent, versionOf } from "./freshness.ts";
import type { Log } from "./log.ts";
import type { RecordLog } from "./record_log.ts";
import { type FailureReason, type Look, type Snapshot, snapshotOfUtmp } from "./snapshot.ts";
import type { Source } from "./source.ts";
import { type Files, readRegularFile, statRegularFile } from "./source_file.ts";
import { decodeUtmp } from "./utmp/decode.ts";
import { type LayoutName, LAYOUTS } from "./utmp/layout.ts";
import { chooseLayout } from "./utmp/detect.ts";
import type { Fault } from "./utmp/record.ts";

/** What a user can do about a file that cannot be read. */
const ADVICE: Readonly<Record<FailureReason, string>> = {
  missing: "check --utmp-path; a container needs the file mounted; " +
    "a system whose systemd no longer writes utmp has none",
  denied: "let the user of this program read the file; " +
    "/proc, /sys and /dev are closed to it, mount them elsewhere",
  not_regular: "point --utmp-path at a regular file",
  too_large: "this is not the utmp file of a running system; check --utmp-path",
  io: "check the file system that holds the file",
  malformed: "nothing in it is a record; check --utmp-path and --utmp-layout",
};

/** The configuration of a {@link UtmpSource}. */
export interface UtmpSourceOptions {
  readonly path: string;
  /** The layout of the file; `auto` finds it in the content. */
  readonly layout: LayoutName | "auto";
  /** The layout of the machine that the program was built for; decides a tie. */
  readonly nativeLayout: LayoutName;
  readonly files: Files;
  readonly clock: Clock;
  readonly log: Log;
  /** Shows the records of a changed file to a person who debugs. */
  readonly recordLog: RecordLog;
}

/** The content of the file at one moment: what it decodes to, or why that is nothing. */
interface Content {
  readonly bytes: Uint8Array;
  readonly layout: LayoutName;
  readonly decoded: { readonly ok: true; readonly snapshot: Snapshot } | MalformedContent;
}

interface MalformedContent {
  readonly ok: false;
  readonly why: string;
}

/** The last read that gave bytes. */
interface LastRead {
  readonly content: Content;
  readonly look: Look;
  readonly version: FileVersion;
}

/** A utmp file, read when it changed. */
export class UtmpSource implements Source {
  readonly #options: UtmpSourceOptions;
  #last: LastRead | null = null;
  #loggedFaults = 0;

  constructor(options: UtmpSourceOptions) {
    this.#options = options;
  }

  /**
   * What the file holds now. It is read when its state changed, when its last change is too recent to be
   * told from the next one, and after `MAX_AGE`. Never rejects.
   */
  async look(): Promise<Look> {
    const { path, files, clock } = this.#options;
    const found = await statRegularFile(files, path);
    if (!found.ok) return this.#forget(found.reason, found.error);
    if (this.#last !== null && isCurrent(this.#last.version, found.state, clock)) {
      return this.#last.look;
    }
    const version = versionOf(found.state, clock);
    const read = await readRegularFile(files, path);
    if (!read.ok) return this.#forget(read.reason, read.error);
    const content = this.#contentOf(read.bytes);
    const look = this.#lookOf(content, version);
    this.#last = { content, look, version };
    return look;
  }

  /** The decoded bytes; the same object as before when the bytes are the same. */
  #contentOf(bytes: Uint8Array): Content {
    const previous = this.#last?.content;
    if (previous !== undefined && equals(previous.bytes, bytes)) return previous;
    const { path, layout: wanted, nativeLayout, log, recordLog } = this.#options;
    const layout = chooseLayout(bytes, { wanted, native: nativeLayout });
    const decoded = decodeUtmp(bytes, layout);
    const first = decoded.faults[0];
    // A first record that is only half written yet is no other kind of file.
    if (
      decoded.records.length === 0 && first !== undefined && bytes.length >= LAYOUTS[layout].size
    ) {
      return { bytes, layout, decoded: { ok: false, why: `as ${layout}: ${first.why}` } };
    }
    recordLog.logUtmp(decoded, { path, size: bytes.length });
    // A file in which nothing is a record has no layout.
    if (previous?.decoded.ok && previous.layout !== layout) {
      log.warn("the layout of the utmp file changed", { path, from: previous.layout, to: layout });
    }
    this.#logFaults(decoded.faults);
    return { bytes, layout, decoded: { ok: true, snapshot: snapshotOfUtmp(decoded) } };
  }

  #lookOf(content: Content, { state, at }: FileVersion): Look {
    if (!content.decoded.ok) return this.#failure("malformed", content.decoded.why);
    const modified = state.mtime === null ? null : state.mtime.getTime() / 1000;
    const readDuration = (this.#options.clock.monotonic() - at) / 1000;
    const { path } = this.#options;
    return {
      ok: true,
      source: "utmp",
      snapshot: content.decoded.snapshot,
      path,
      modified,
      readDuration,
    };
  }

  #forget(reason: FailureReason, error: string): Look {
    this.#last = null;
    return this.#failure(reason, error);
  }

  #failure(reason: FailureReason, error: string): Look {
    const { path } = this.#options;
    return { ok: false, failure: { source: "utmp", path, reason, error, advice: ADVICE[reason] } };
  }

  /** One line when the number of faults changes. */
  #logFaults(faults: readonly Fault[]): void {
    if (faults.length === this.#loggedFaults) return;
    this.#loggedFaults = faults.length;
    const { path, log } = this.#options;
    const first = faults[0];
    if (first === undefined) {
      log.info("every record can be decoded again", { path });
    } else {
      const { offset, why } = first;
      log.warn("records cannot be decoded and are left out", {
        path,
        faults: faults.length,
        first_offset: offset,
        why,
        advice: "look at the file with --dump",
      });
    }
  }
}
