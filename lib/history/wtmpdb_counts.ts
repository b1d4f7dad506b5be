import { originOfWtmpdb } from "../sessions/from_wtmpdb.ts";
import type { LoginCount, Logins } from "../sessions/history.ts";
import { type Session, SESSION_KINDS } from "../sessions/session.ts";
import type { UserFilter } from "../sessions/user_filter.ts";
import { LAST_SECOND } from "../utmp/mod.ts";
import { kept, textOfHex } from "./column_text.ts";
import { LatestLogins } from "./latest_logins.ts";

/** A row of the table of wtmpdb. */
export interface WtmpdbRow {
  readonly id: bigint;
  /** Whether it is the login of a user. */
  readonly isLogin: boolean;
  /** Time of login in seconds since the epoch, with microseconds as fraction; null if it has none. */
  readonly time: number | null;
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
  #rows = 0n;
  #last: WtmpdbRow | null = null;
  #result: Logins | null = null;

  constructor(filter: UserFilter) {
    this.#user = kept((hex) => {
      const username = textOfHex(hex);
      return { username, isIncluded: username !== "" && filter(username) };
    });
  }

  /** The number of rows that were added, of any type. */
  get rows(): bigint {
    return this.#rows;
  }

  /** The last row that was added; null if there was none. */
  get last(): WtmpdbRow | null {
    return this.#last;
  }

  /** Starts over. */
  clear(): void {
    this.#logins = new Map();
    this.#latest = new LatestLogins();
    this.#faults = 0;
    this.#rows = 0n;
    this.#last = null;
    this.#result = null;
  }

  /** Adds rows. Each must have a higher id than the last one; otherwise the rest is ignored, and it gives false. */
  add(rows: readonly WtmpdbRow[]): boolean {
    for (const row of rows) {
      if (this.#last !== null && row.id <= this.#last.id) return false;
      this.#last = row;
      this.#rows++;
      if (row.isLogin) this.#addLogin(row);
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

  /** Adds a login. Too long texts, and times before 1970 or after the year 9999, are faults, as in utmp. */
  #addLogin({ user: name, origin, time }: WtmpdbRow): void {
    if (
      name === null || origin === null || (time !== null && (time < 0 || time > LAST_SECOND + 1))
    ) {
      this.#faults++;
      this.#result = null;
      return;
    }
    const user = this.#user(name);
    if (!user.isIncluded) return;
    const key = keyOf(this.#origin(origin));
    this.#logins.set(key, (this.#logins.get(key) ?? 0) + 1);
    if (time !== null && time !== 0) this.#latest.add(user.username, time);
    this.#result = null;
  }
}

type Origin = Pick<Session, "kind" | "remote">;

function keyOf({ kind, remote }: Origin): string {
  return `${kind} ${remote}`;
}

/** The kind and origin of a login by {@link WtmpdbRow.origin}. */
function originOfHex(hex: string): Origin {
  const [line = "", host = "", service = ""] = hex.split(" ").map(textOfHex);
  return originOfWtmpdb({ line, host, service });
}
