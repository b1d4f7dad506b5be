// @ts-types="../declarations/std_bytes_equals.d.ts"
import { equals } from "@std/bytes/equals";
import type { Clock } from "../clock.ts";
import { type FileVersion, isSameState } from "../files/file_version.ts";
import { type FileFailure, type Files, readRegularFile } from "../files/files.ts";
import { fingerprintOf, LARGE } from "../files/fingerprint.ts";
import { pause } from "../pause.ts";
import { type LayoutName, LAYOUTS, looksHalfWritten } from "../utmp/mod.ts";
import { HalfWrittenRecords } from "./half_written.ts";
import type { LastRead } from "./read_cache.ts";

/** A file that may be changing is read until two reads in a row are equal, at most this often. */
export const MAX_READS = 16;

/**
 * How long to wait before a record that looks half-written is read again, in milliseconds. Reads in a row meet the
 * same half while an interrupt, or the host of a virtual machine, holds the writer; on a busy one up to 10 ms.
 */
export const PAUSE = 20;

/** The bytes of a utmp file, and their fingerprint. */
export interface UtmpBytes {
  readonly ok: true;
  readonly bytes: Uint8Array;
  readonly fingerprint: Uint8Array;
}

/** The part of the last content that a reader needs. */
type KnownContent = LastRead<{ readonly fingerprint: Uint8Array; readonly layout: LayoutName }>;

/** Reads a utmp file, which other programs write in place, without half-written records. */
export class UtmpReader {
  readonly #path: string;
  readonly #files: Files;
  readonly #clock: Clock;
  readonly #halfWritten = new HalfWrittenRecords();

  constructor(
    { path, files, clock }: {
      readonly path: string;
      readonly files: Files;
      readonly clock: Clock;
    },
  ) {
    this.#path = path;
    this.#files = files;
    this.#clock = clock;
  }

  /** Reads the file, more than once if it may be changing. `last` is the last content. */
  async read(
    { state, settled }: FileVersion,
    last: KnownContent | null,
  ): Promise<UtmpBytes | FileFailure> {
    let read = await this.#readOnce();
    // A second read of a large file would double the memory. No machine has a utmp file of that size.
    if (settled || !read.ok || read.bytes.length > LARGE) return read;
    const isSame = last !== null && isSameState(last.version.state, state);
    if (isSame && equals(last.content.fingerprint, read.bytes)) return read;
    for (let reads = 1; reads < MAX_READS; reads++) {
      const { bytes } = read;
      if (last !== null && isHalfWritten(bytes, last.content)) await pause(PAUSE);
      read = await this.#readOnce();
      if (!read.ok || equals(bytes, read.bytes)) break;
    }
    if (!read.ok || last === null) return read;
    const { fingerprint: known, layout } = last.content;
    const { size } = LAYOUTS[layout];
    const bytes = this.#halfWritten.replaced(read.bytes, {
      known,
      size,
      now: this.#clock.monotonic(),
    });
    return bytes === read.bytes ? read : { ok: true, bytes, fingerprint: bytes };
  }

  async #readOnce(): Promise<UtmpBytes | FileFailure> {
    const read = await readRegularFile(this.#files, this.#path);
    return read.ok ? { ...read, fingerprint: await fingerprintOf(read.bytes) } : read;
  }
}

function isHalfWritten(
  bytes: Uint8Array,
  { fingerprint: known, layout }: KnownContent["content"],
): boolean {
  return looksHalfWritten(known, bytes, LAYOUTS[layout]);
}
