// @ts-types="./declarations/std_bytes_equals.d.ts"
import { equals } from "@std/bytes/equals";
import type { Clock } from "./clock.ts";
import { fingerprintOf, LARGE } from "./fingerprint.ts";
import { type FileVersion, isCurrent, isSameState, SETTLING_TIME, versionOf } from "./freshness.ts";
import type { Log } from "./log.ts";
import type { RecordLog } from "./record_log.ts";
import { type FailureReason, type Look, type Snapshot, utmpSnapshot } from "./snapshot.ts";
import type { Source } from "./source.ts";
import { type FileFailure, type Files, readRegularFile, statRegularFile } from "./source_file.ts";
import { inTurns } from "./turns.ts";
import type { UserFilter } from "./user_filter.ts";
import { utmpEntries } from "./utmp/decode.ts";
import { chooseLayout } from "./utmp/detect.ts";
import { type LayoutName, LAYOUTS } from "./utmp/layout.ts";
import { halfWrittenRecords } from "./utmp/torn.ts";

/** What a user can do about a file that cannot be read. */
const ADVICE: Readonly<Record<FailureReason, string>> = {
  missing: "check --utmp-path; a container needs the file mounted; " +
    "a system whose systemd no longer writes utmp has none",
  denied: "let the user of this program read the file; " +
    "/proc, /sys and /dev are closed to it, mount them elsewhere",
  not_regular: "point --utmp-path at a regular file",
  too_large: "this is not the utmp file of a running system; check --utmp-path",
  io: "check the file system that holds the file",
  malformed: "this is no utmp file of Linux; check --utmp-path and --utmp-layout",
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
  /** Whose sessions are taken in. */
  readonly filter: UserFilter;
  /** Shows the records of a changed file to a person who debugs. */
  readonly recordLog: RecordLog;
}

/** A file that may be changing is read until two reads agree, or so often. */
export const MAX_READS = 16;

/**
 * A record that looked half-written in each of so many looks, and for so long, in milliseconds, is believed:
 * then it is what was known that is half of it.
 */
export const HALF_LOOKS = 4;
export const HALF_TIME = 500;

/** The content of the file at one moment: what it decodes to, or why that is nothing. */
interface Content {
  readonly fingerprint: Uint8Array;
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

/** The bytes of one read, and what tells them from others. */
interface Printed {
  readonly ok: true;
  readonly bytes: Uint8Array;
  readonly fingerprint: Uint8Array;
}

/** A record that looks half-written, and since when, in monotonic milliseconds. */
interface Half {
  readonly record: Uint8Array;
  readonly since: number;
  /** Since when it looked half-written, in this way or another, and in how many looks on end. */
  readonly first: number;
  readonly looks: number;
}

/** A utmp file, read when it changed. */
export class UtmpSource implements Source {
  readonly #options: UtmpSourceOptions;
  #last: LastRead | null = null;
  /** What looks half-written, by its offset. */
  #halves: ReadonlyMap<number, Half> = new Map();
  /** The layout of what was read last; an emptied file keeps it. */
  #layout: LayoutName | null = null;
  #loggedFaults = 0;
  #isOverLimit = false;

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
    const read = await this.#read(version);
    if (!read.ok) return this.#forget(read.reason, read.error);
    const content = await this.#contentOf(read);
    if (read.bytes.length > LARGE) release(read.bytes);
    const look = this.#lookOf(content, version);
    this.#last = { content, look, version };
    return look;
  }

  /** Reads the file, and again while it may be changing. */
  async #read({ state, settled }: FileVersion): Promise<Printed | FileFailure> {
    const last = this.#last;
    let read = await this.#readOnce();
    // Of a file that no machine writes another read would be as much memory again.
    if (settled || !read.ok || read.bytes.length > LARGE) return read;
    const isSame = last !== null && isSameState(last.version.state, state);
    if (isSame && equals(last.content.fingerprint, read.bytes)) return read;
    for (let reads = 1; reads < MAX_READS; reads++) {
      const { bytes } = read;
      read = await this.#readOnce();
      if (!read.ok || equals(bytes, read.bytes)) break;
    }
    return read.ok && last !== null ? this.#withoutHalves(read, last.content) : read;
  }

  /**
   * With what was known of each record that looks half-written. One that stays so for {@link SETTLING_TIME} was
   * written like that. Reading again does not help: while its writer waits for a processor in between, as it
   * does on a busy machine, each read meets the same half.
   */
  #withoutHalves(read: Printed, { fingerprint: known, layout }: Content): Printed {
    const { size } = LAYOUTS[layout];
    const now = this.#options.clock.monotonic();
    const halves = new Map<number, Half>();
    const bytes = read.bytes.slice();
    for (const start of halfWrittenRecords(known, read.bytes, size)) {
      const record = read.bytes.slice(start, start + size);
      const before = this.#halves.get(start);
      const since = before !== undefined && equals(before.record, record) ? before.since : now;
      const first = before?.first ?? now;
      const looks = (before?.looks ?? 0) + 1;
      const isLasting = looks > HALF_LOOKS && now - first >= HALF_TIME;
      if (isLasting || now - since >= SETTLING_TIME) continue;
      halves.set(start, { record, since, first, looks });
      bytes.set(known.subarray(start, start + size), start);
    }
    this.#halves = halves;
    return halves.size === 0 ? read : { ok: true, bytes, fingerprint: bytes };
  }

  async #readOnce(): Promise<Printed | FileFailure> {
    const { path, files } = this.#options;
    const read = await readRegularFile(files, path);
    if (!read.ok) return read;
    return { ...read, fingerprint: await fingerprintOf(read.bytes) };
  }

  /** The decoded bytes; the same object as before when the bytes are the same. */
  async #contentOf({ bytes, fingerprint }: Printed): Promise<Content> {
    const previous = this.#last?.content;
    if (previous !== undefined && equals(previous.fingerprint, fingerprint)) return previous;
    const { path, layout: wanted, nativeLayout, clock, filter, recordLog } = this.#options;
    const native = this.#layout ?? nativeLayout;
    const { layout, isExplained } = chooseLayout(bytes, { wanted, native });
    if (!isExplained) {
      const why = wanted === "auto"
        ? "its content is in no layout that is known"
        : `its content is not in the layout ${layout}`;
      return { fingerprint, layout, decoded: { ok: false, why } };
    }
    await inTurns(recordLog.logUtmp(bytes, { path, layout }), clock);
    const snapshot = await inTurns(utmpSnapshot(utmpEntries(bytes, layout), { filter }), clock);
    this.#noteLayout(layout);
    this.#noteFaults(snapshot.faults, { bytes, layout });
    this.#noteLimit(snapshot);
    return { fingerprint, layout, decoded: { ok: true, snapshot } };
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

  #noteLayout(layout: LayoutName): void {
    const from = this.#layout;
    this.#layout = layout;
    if (from === null || from === layout) return;
    const { path, log } = this.#options;
    log.warn("the layout of the utmp file changed", { path, from, to: layout });
  }

  /** One line when the number of faults changes. */
  #noteFaults(
    faults: number,
    { bytes, layout }: { readonly bytes: Uint8Array; readonly layout: LayoutName },
  ): void {
    if (faults === this.#loggedFaults) return;
    this.#loggedFaults = faults;
    const { path, log } = this.#options;
    const first = utmpEntries(bytes, layout).find((entry) => "why" in entry);
    if (first === undefined) {
      log.info("every record can be decoded again", { path });
    } else {
      const { offset, why } = first;
      log.warn("records cannot be decoded and are left out", {
        path,
        faults,
        first_offset: offset,
        why,
        advice: "look at the file with --dump",
      });
    }
  }

  /** One line when sessions begin or cease to be too many. */
  #noteLimit({ sessions, overLimit }: Snapshot): void {
    if (this.#isOverLimit === overLimit > 0) return;
    this.#isOverLimit = overLimit > 0;
    const { path, log } = this.#options;
    if (this.#isOverLimit) {
      log.warn("the utmp file has more sessions than are taken in", {
        path,
        taken_in: sessions.length,
        over_limit: overLimit,
        advice: "look into who writes so many records; --dump shows them",
      });
    } else {
      log.info("every session of the utmp file is taken in again", { path });
    }
  }
}

/** Gives back the memory of bytes at once; the collector may take its time. Node 20 cannot. */
function release({ buffer }: Uint8Array): void {
  if (buffer instanceof ArrayBuffer && "transfer" in buffer) buffer.transfer(0);
}
