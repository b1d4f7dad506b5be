import { hostOfRecord, originOfRecord, timeOfRecord } from "../sessions/from_utmp.ts";
import type { LoginCount, Logins } from "../sessions/history.ts";
import { kindOfLine, SESSION_KINDS } from "../sessions/session.ts";
import type { UserFilter } from "../sessions/user_filter.ts";
import type { UtmpEntry } from "../utmp/mod.ts";
import { HostCache } from "./host_cache.ts";
import { isMisplaced, type RecordCounter } from "./record_counter.ts";

/** The number of users whose last login is known, and the largest number of users that are reported as omitted. */
export const MAX_USERS = 100_000;

/** A {@link LoginCount} that is still counting. */
type Cell = { -readonly [Key in keyof LoginCount]: LoginCount[Key] };

/**
 * Counts the logins of a wtmp file: `user_process` records with a user. Logouts, boots, run levels and changes
 * of the clock (`new_time`, `old_time`) are none. The order of the records does not matter (wtmp(5)).
 */
export class LoginCounter implements RecordCounter<Logins> {
  readonly #filter: UserFilter;
  readonly #cells: readonly Cell[] = SESSION_KINDS.flatMap((kind) =>
    [false, true].map((remote) => ({ kind, remote, logins: 0 }))
  );
  readonly #hosts = new HostCache((line, host) => this.#cellOf(line, host));
  /** The latest login of each user, in seconds since the epoch. */
  readonly #times = new Map<string, number>();
  readonly #omitted = new Set<string>();
  #faults = 0;
  #data: Logins | null = null;

  /** Counts the logins of the users that `filter` includes. */
  constructor(filter: UserFilter) {
    this.#filter = filter;
  }

  add(entry: UtmpEntry): void {
    if ("why" in entry || isMisplaced(entry)) {
      this.#faults++;
      this.#data = null;
      return;
    }
    if (entry.type !== "user_process" || !entry.hasUser) return;
    const { user } = entry;
    if (!this.#filter(user)) return;
    this.#hosts.get(entry.line, hostOfRecord(entry)).logins++;
    this.#noteTime(user, timeOfRecord(entry));
    this.#data = null;
  }

  data(): Logins {
    return this.#data ??= {
      counts: this.#cells.map((cell) => ({ ...cell })),
      lastLogins: { times: new Map(this.#times), omitted: this.#omitted.size },
      faults: this.#faults,
    };
  }

  #cellOf(line: string, host: string): Cell {
    const kind = kindOfLine(line, host);
    const { remote } = originOfRecord({ line, host, address: "" });
    const cell = this.#cells.find((each) => each.kind === kind && each.remote === remote);
    if (cell === undefined) throw new TypeError(`Cannot count logins of kind ${kind}`);
    return cell;
  }

  /** A login without a time leaves that of the user as it is. */
  #noteTime(user: string, time: number | null): void {
    if (time === null) return;
    const known = this.#times.get(user);
    if (known !== undefined || this.#times.size < MAX_USERS) {
      if (known === undefined || time > known) this.#times.set(user, time);
    } else if (this.#omitted.size < MAX_USERS) {
      this.#omitted.add(user);
    }
  }
}
