import { originOfWtmpdb } from "../sessions/from_wtmpdb.ts";
import type { LoginCount, Logins } from "../sessions/history.ts";
import { type Session, SESSION_KINDS } from "../sessions/session.ts";
import type { UserFilter } from "../sessions/user_filter.ts";
import { kept, textOfHex } from "./column_text.ts";
import { LatestLogins } from "./latest_logins.ts";

/** Rows of the table of wtmpdb that differ in id and time only. */
export interface WtmpdbRows {
  /** The lowest and the highest id. */
  readonly first: bigint;
  readonly last: bigint;
  readonly rows: number;
  /** Whether they are logins of a user. */
  readonly areLogins: boolean;
  /** The latest time of login in seconds since the epoch, with microseconds as fraction; null if they have none. */
  readonly time: number | null;
  /** Whether their times are before 1970 or after the year 9999. */
  readonly areOutOfRange: boolean;
  /** The user name as hexadecimal digits; null if it is too long. */
  readonly user: string | null;
  /** Terminal, host and service as hexadecimal digits, separated by spaces; null if one is too long. */
  readonly origin: string | null;
}

/** A user name as visible text, and whether logins of this user count. */
interface User {
  readonly username: string;
  readonly isIncluded: boolean;
}

/** Counts the logins in rows of wtmpdb. */
export class WtmpdbCounts {
  readonly #user: (hex: string) => User;
  readonly #origin = kept(originOfHex);
  #logins = new Map<string, number>();
  #latest = new LatestLogins();
  #faults = 0;
  #latestTime = -Infinity;
  #last: bigint | null = null;
  #result: Logins | null = null;

  constructor(filter: UserFilter) {
    this.#user = kept((hex) => {
      const username = textOfHex(hex);
      return { username, isIncluded: username !== "" && filter(username) };
    });
  }

  /** The latest time of a row of any type, in seconds since the epoch; `-Infinity` if there was none. */
  get latest(): number {
    return this.#latestTime;
  }

  /** The id after which rows are new; null if all are. */
  get last(): bigint | null {
    return this.#last;
  }

  /** Starts over. */
  clear(): void {
    this.#logins = new Map();
    this.#latest = new LatestLogins();
    this.#faults = 0;
    this.#latestTime = -Infinity;
    this.#last = null;
    this.#result = null;
  }

  /** Takes rows after this id as new, because it is the last one that is left. */
  goBack(last: bigint): void {
    this.#last = last;
  }

  /** Adds rows. All must have a higher id than the last one; otherwise it gives false. */
  add(groups: readonly WtmpdbRows[]): boolean {
    const before = this.#last;
    if (groups.some(({ first }) => before !== null && first <= before)) return false;
    for (const group of groups) {
      const { last, time, areOutOfRange } = group;
      if (this.#last === null || last > this.#last) this.#last = last;
      if (time !== null && !areOutOfRange) this.#latestTime = Math.max(this.#latestTime, time);
      if (group.areLogins) this.#addLogins(group);
    }
    return true;
  }

  /** The logins so far. The same object until there is another. */
  result(): Logins {
    return this.#result ??= {
      counts: SESSION_KINDS.flatMap((kind) =>
        [true, false].map((remote): LoginCount => ({
          kind,
          remote,
          logins: this.#logins.get(keyOf({ kind, remote })) ?? 0,
        }))
      ),
      lastLogins: this.#latest.result(),
      faults: this.#faults,
    };
  }

  /** Adds logins. Too long texts, and times out of range, are faults, as in utmp. */
  #addLogins({ rows, user: name, origin, time, areOutOfRange }: WtmpdbRows): void {
    if (name === null || origin === null || areOutOfRange) {
      this.#faults += rows;
      this.#result = null;
      return;
    }
    const user = this.#user(name);
    if (!user.isIncluded) return;
    const key = keyOf(this.#origin(origin));
    this.#logins.set(key, (this.#logins.get(key) ?? 0) + rows);
    if (time !== null && time !== 0) this.#latest.add(user.username, time);
    this.#result = null;
  }
}

type Origin = Pick<Session, "kind" | "remote">;

function keyOf({ kind, remote }: Origin): string {
  return `${kind} ${remote}`;
}

/** The kind and origin of a login by {@link WtmpdbRows.origin}. */
function originOfHex(hex: string): Origin {
  const [line = "", host = "", service = ""] = hex.split(" ").map(textOfHex);
  return originOfWtmpdb({ line, host, service });
}
