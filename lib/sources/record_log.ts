import { type DroppedLabels, sessionLabels } from "../sessions/dropped_labels.ts";
import type { Log } from "../log.ts";
import { textOfLogind } from "../sessions/from_logind.ts";
import { inconsistenciesOf, sessionOfRecord } from "../sessions/from_utmp.ts";
import { isIncluded } from "../sessions/record_filter.ts";
import type { SessionOutcome } from "../sessions/session.ts";
import type { SessionFile } from "./logind_files.ts";
import { type LayoutName, LAYOUTS, utmpEntries, type UtmpRecord } from "../utmp/mod.ts";
import { EVERYBODY, type UserFilter } from "../sessions/user_filter.ts";

/**
 * Logs the content of a source at level debug: each record, why it does not count as a session, what is
 * inconsistent in it, and each fault. Dropped labels are empty.
 */
export class RecordLog {
  readonly #log: Log;
  readonly #dropped: DroppedLabels;
  readonly #filter: UserFilter;

  constructor(
    log: Log,
    { dropped, filter }: { readonly dropped: DroppedLabels; readonly filter: UserFilter },
  ) {
    this.#log = log;
    this.#dropped = dropped;
    this.#filter = filter;
  }

  /**
   * Logs a utmp file: its size in bytes and layout, then each record and fault, in steps between which other
   * work can run. With a filter, only the records of included users are logged, and nothing that reveals the
   * number of the others: no size and no offset.
   */
  *logUtmp(
    bytes: Uint8Array,
    { path, layout }: { readonly path: string; readonly layout: LayoutName },
  ): Generator<undefined, void> {
    if (!this.#log.isEnabledFor("debug")) return;
    const isFiltered = this.#filter !== EVERYBODY;
    this.#log.debug("utmp file", {
      path,
      ...(isFiltered ? {} : { size: bytes.length }),
      record_size: LAYOUTS[layout].size,
      layout,
    });
    for (const entry of utmpEntries(bytes, layout)) {
      yield;
      if ("why" in entry) {
        const { offset, length, why } = entry;
        this.#log.debug("fault", isFiltered ? { why } : { offset, length, why });
      } else if (!isFiltered) {
        const record = entry.decoded();
        const { offset } = record;
        this.#log.debug("record", { offset, ...this.#recordProperties(record) });
      } else if (isIncluded(entry, this.#filter)) {
        this.#log.debug("record", this.#recordProperties(entry.decoded()));
      }
    }
  }

  /** Logs the session files of included users: their number, then each file. */
  logLogind(files: readonly SessionFile[], { path }: { readonly path: string }): void {
    if (!this.#log.isEnabledFor("debug")) return;
    const included = files.filter(({ session }) => this.#filter(textOfLogind(session.user)));
    this.#log.debug("logind directory", { path, files: included.length });
    for (const { id, session, outcome } of included) {
      const { username: user, from: host, tty: line } = sessionLabels({
        username: textOfLogind(session.user),
        from: textOfLogind(session.remoteHost),
        tty: textOfLogind(session.tty),
      }, this.#dropped);
      const { class: sessionClass, state, type, leader } = session;
      const properties = { id, class: sessionClass, state, type, user, line, host, leader };
      this.#log.debug("session file", {
        ...properties,
        ...outcomeProperties(outcome),
      });
    }
  }

  #recordProperties(record: UtmpRecord): Record<string, unknown> {
    const { type, pid } = record;
    const { username: user, from: host, tty: line } = sessionLabels({
      username: record.user,
      from: record.host,
      tty: record.line,
    }, this.#dropped);
    const odd = inconsistenciesOf(record);
    return {
      type,
      user,
      line,
      host,
      pid,
      ...outcomeProperties(sessionOfRecord(record)),
      ...(odd.length > 0 ? { odd: odd.join(", ") } : {}),
    };
  }
}

function outcomeProperties(outcome: SessionOutcome): Record<string, unknown> {
  return outcome.counts ? { session: true } : { session: false, why: outcome.why };
}
