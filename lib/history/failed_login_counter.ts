import { hostOfRecord, originOfRecord } from "../sessions/from_utmp.ts";
import type { FailedLogins } from "../sessions/history.ts";
import { isIpv4 } from "../sessions/origin.ts";
import { NONE } from "../sessions/session.ts";
import { EVERYBODY, type UserFilter } from "../sessions/user_filter.ts";
import type { RecordType, UndecodedRecord, UtmpEntry } from "../utmp/mod.ts";
import { HostCache } from "./host_cache.ts";
import type { RecordCounter } from "./record_counter.ts";
import { SpaceSaving } from "./space_saving.ts";

type Origin = ReturnType<typeof originOfRecord>;

/** The number of addresses that are counted at a time. */
export const ADDRESSES = 16_384;

/** Records of the system, logouts, and records without content (utmp(5)). */
const NO_LOGINS: ReadonlySet<RecordType> = new Set([
  "empty",
  "run_lvl",
  "boot_time",
  "new_time",
  "old_time",
  "dead_process",
]);

/**
 * Counts the failed logins of a btmp file. Every record is one, as in lastb(1), unless its type says that it is
 * not about a login. The type is otherwise of no meaning: sshd, login and su write `login_process`, display
 * managers `user_process`.
 *
 * The user name decides nothing but whether the filter includes it. It is not kept.
 */
export class FailedLoginCounter implements RecordCounter<FailedLogins> {
  readonly #filter: UserFilter;
  readonly #maxAddresses: number;
  readonly #hosts = new HostCache<Origin>((line, host) =>
    originOfRecord({ line, host, address: "" })
  );
  readonly #addresses: SpaceSaving;
  #remote = 0;
  #local = 0;
  #faults = 0;
  #data: FailedLogins | null = null;

  constructor(
    { filter, maxAddresses, addresses = ADDRESSES }: {
      /** Users whose failed logins are counted. */
      readonly filter: UserFilter;
      /** The largest number of addresses in the result. */
      readonly maxAddresses: number;
      /** The number of addresses that are counted at a time. */
      readonly addresses?: number;
    },
  ) {
    this.#filter = filter;
    this.#maxAddresses = maxAddresses;
    this.#addresses = new SpaceSaving(addresses);
  }

  add(entry: UtmpEntry): void {
    if ("why" in entry) {
      this.#faults++;
    } else {
      if (NO_LOGINS.has(entry.type)) return;
      if (this.#filter !== EVERYBODY && !this.#filter(entry.user)) return;
      const { from, remote } = this.#originOf(entry);
      if (remote) {
        this.#remote++;
        this.#addresses.add(from);
      } else {
        this.#local++;
      }
    }
    this.#data = null;
  }

  data(): FailedLogins {
    return this.#data ??= {
      remote: this.#remote,
      local: this.#local,
      byAddress: this.#addresses.top(this.#maxAddresses)
        .map(({ key, count }) => ({ address: key, failures: count })),
      addressError: this.#addresses.error,
      faults: this.#faults,
    };
  }

  #originOf(record: UndecodedRecord): Origin {
    const host = hostOfRecord(record);
    // To parse an IPv4 address takes less time than to find it in the cache.
    if (isIpv4(host)) return originOfRecord(record);
    const known = this.#hosts.get(record.line, host);
    const isNameless = known.remote && known.from === NONE;
    return isNameless ? originOfRecord(record) : known;
  }
}
