import { DROPPABLE_LABELS, type DroppedLabels, shownSession } from "./dropped_labels.ts";
import type { Log } from "./log.ts";
import { textOfLogind } from "./session_of_logind.ts";
import { inconsistenciesOf, sessionOfRecord } from "./session_of_record.ts";
import type { Verdict } from "./session.ts";
import type { SessionFile } from "./source_session_files.ts";
import type { DecodedUtmp } from "./utmp/decode.ts";
import { LAYOUTS } from "./utmp/layout.ts";
import type { UserFilter } from "./user_filter.ts";
import type { UtmpRecord } from "./utmp/record.ts";

const ALL_LABELS: DroppedLabels = new Set(DROPPABLE_LABELS);

/**
 * Logs what a source holds at level debug, for a person who looks for a session: each record with the
 * reason why it is a session or not, what is odd about it, and each fault. Dropped labels are not shown.
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

  /** A utmp file: its size in bytes, layout and number of records, then each record and fault. */
  logUtmp(
    { layout, records, faults }: DecodedUtmp,
    { path, size }: { readonly path: string; readonly size: number },
  ): void {
    if (!this.#log.isEnabledFor("debug")) return;
    this.#log.debug("utmp file", {
      path,
      size,
      record_size: LAYOUTS[layout].size,
      layout,
      records: records.length,
      faults: faults.length,
    });
    for (const record of records) this.#log.debug("record", this.#recordProperties(record));
    for (const { offset, length, why } of faults) this.#log.debug("fault", { offset, length, why });
  }

  /** A folder of session files: how many, then each. */
  logLogind(files: readonly SessionFile[], { path }: { readonly path: string }): void {
    if (!this.#log.isEnabledFor("debug")) return;
    this.#log.debug("logind folder", { path, files: files.length });
    for (const { id, session, verdict } of files) {
      const { username: user, from: host, tty: line } = shownSession({
        username: textOfLogind(session.user),
        from: textOfLogind(session.remoteHost),
        tty: textOfLogind(session.tty),
      }, this.#droppedFor(textOfLogind(session.user)));
      const { class: sessionClass, state, type, leader } = session;
      const properties = { id, class: sessionClass, state, type, user, line, host, leader };
      this.#log.debug("session file", {
        ...properties,
        ...this.#verdictProperties(verdict),
      });
    }
  }

  /** Of a user that is not looked at nothing is shown. */
  #droppedFor(user: string): DroppedLabels {
    return this.#filter(user) ? this.#dropped : ALL_LABELS;
  }

  #recordProperties(record: UtmpRecord): Record<string, unknown> {
    const { offset, type, pid } = record;
    const { username: user, from: host, tty: line } = shownSession({
      username: record.user,
      from: record.host,
      tty: record.line,
    }, this.#droppedFor(record.user));
    const odd = inconsistenciesOf(record);
    return {
      offset,
      type,
      user,
      line,
      host,
      pid,
      ...this.#verdictProperties(sessionOfRecord(record)),
      ...(odd.length > 0 ? { odd: odd.join(", ") } : {}),
    };
  }

  #verdictProperties(verdict: Verdict): Record<string, unknown> {
    if (!verdict.counts) return { session: false, why: verdict.why };
    if (this.#filter(verdict.session.username)) return { session: true };
    return { session: false, why: "user is left out by --users.include or --users.exclude" };
  }
}
