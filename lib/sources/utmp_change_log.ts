import type { Log } from "../log.ts";
import { LogOnChange } from "../log_on_change.ts";
import type { Snapshot } from "../sessions/snapshot.ts";
import { type LayoutName, utmpEntries } from "../utmp/mod.ts";

/** Logs when the layout, the number of faults or the limit of sessions of a utmp file changes. */
export class UtmpChangeLog {
  readonly #path: string;
  readonly #log: Log;
  readonly #layout = new LogOnChange<LayoutName | null>(null);
  readonly #faults = new LogOnChange(0);
  readonly #isOverLimit = new LogOnChange(false);

  constructor({ path, log }: { readonly path: string; readonly log: Log }) {
    this.#path = path;
    this.#log = log;
  }

  /** The layout of the last usable content; null before the first. */
  get layout(): LayoutName | null {
    return this.#layout.state;
  }

  /** Logs what changed in the content of the file. */
  update(
    { sessions, faults, overLimit }: Snapshot,
    { bytes, layout }: { readonly bytes: Uint8Array; readonly layout: LayoutName },
  ): void {
    const path = this.#path;
    this.#layout.update(layout, (from) => {
      if (from === null) return;
      this.#log.warn("the layout of the utmp file changed", { path, from, to: layout });
    });
    this.#faults.update(faults, () => {
      const first = utmpEntries(bytes, layout).find((entry) => "why" in entry);
      if (first === undefined) return this.#log.info("every record can be decoded again", { path });
      this.#log.warn("records cannot be decoded and are left out", {
        path,
        faults,
        first_offset: first.offset,
        why: first.why,
        advice: "inspect the file with --dump",
      });
    });
    this.#isOverLimit.update(overLimit > 0, () => {
      if (overLimit === 0) {
        return this.#log.info("all sessions of the utmp file are read again", { path });
      }
      this.#log.warn("the utmp file has more sessions than the limit", {
        path,
        read: sessions.length,
        over_limit: overLimit,
        advice: "find out which program writes so many records; --dump shows them",
      });
    });
  }
}
