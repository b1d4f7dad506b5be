import { hostOfRecord, originOfRecord } from "../sessions/from_utmp.ts";
import type { AddressFailures, FailedLogins } from "../sessions/history.ts";
import { NONE } from "../sessions/session.ts";
import { EVERYBODY, type UserFilter } from "../sessions/user_filter.ts";
import { ipv4Text, type RecordType, type UndecodedRecord, type UtmpEntry } from "../utmp/mod.ts";
import { HostCache } from "./host_cache.ts";
import { isMisplaced, type RecordCounter } from "./record_counter.ts";
import { type KeyCount, SpaceSaving } from "./space_saving.ts";

type Origin = ReturnType<typeof originOfRecord>;

/** The number of addresses that are counted at a time. */
export const ADDRESSES = 16_384;

/**
 * Longer addresses are cut, so that memory is bounded. In characters; a domain name has at most 253 (RFC 1035, section
 * 2.3.4), a field with escaped bytes up to 1,024.
 */
export const MAX_ADDRESS = 255;

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
  /** IPv4 addresses are numbers, because millions of strings are dear. Every address has only one form. */
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
    if ("why" in entry || isMisplaced(entry)) {
      this.#faults++;
    } else {
      if (NO_LOGINS.has(entry.type)) return;
      if (this.#filter !== EVERYBODY && !this.#filter(entry.user)) return;
      this.#count(entry);
    }
    this.#data = null;
  }

  data(): FailedLogins {
    return this.#data ??= {
      remote: this.#remote,
      local: this.#local,
      byAddress: inOrder(this.#addresses.top(this.#maxAddresses)),
      addressError: this.#addresses.error,
      faults: this.#faults,
    };
  }

  #count(record: UndecodedRecord): void {
    const ipv4 = record.hostIpv4;
    if (ipv4 !== null) {
      this.#remote++;
      this.#addresses.add(ipv4);
      return;
    }
    const host = hostOfRecord(record);
    if (host.length > MAX_ADDRESS) return this.#countLong(record);
    // A line matters only if it is the same text.
    const line = record.line === host ? host : "";
    const { from, remote } = this.#hosts.get(line, host);
    if (!remote) {
      this.#local++;
      return;
    }
    this.#remote++;
    const address = from === NONE ? originOfRecord(record).from : from;
    // mosh without a client has none. Sessions without one have no series of `unix_user_session_by_ip` either.
    if (address !== NONE) this.#addresses.add(address);
  }

  /** Counts a record whose host is no address or name of a machine, and keeps only the start of it. */
  #countLong(record: UndecodedRecord): void {
    const { from, remote } = originOfRecord(record);
    if (remote) {
      this.#remote++;
      if (from !== NONE) this.#addresses.add(copyOf(from.slice(0, MAX_ADDRESS)));
    } else {
      this.#local++;
    }
  }
}

/** A copy of the text. A part of a text keeps the whole in memory. */
function copyOf(text: string): string {
  return new TextDecoder().decode(new TextEncoder().encode(text));
}

/** The counts with the addresses as text, in the order of the result. */
function inOrder(counts: readonly KeyCount[]): readonly AddressFailures[] {
  return counts.map(({ key, count }) => ({
    address: typeof key === "number" ? ipv4Text(key) : key,
    failures: count,
  })).sort((a, b) => b.failures - a.failures || (a.address < b.address ? -1 : 1));
}
