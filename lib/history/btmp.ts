import type { FailedLogins, HistoryRead } from "../sessions/history.ts";
import { FailedLoginCounter } from "./failed_login_counter.ts";
import type { HistoryReadOptions, HistorySource } from "./history_source.ts";
import { RecordFollower } from "./record_follower.ts";
import type { RecordSourceOptions } from "./wtmp.ts";

/** The configuration of a {@link BtmpSource}. */
export interface BtmpSourceOptions extends RecordSourceOptions {
  /** The largest number of addresses in the result (`--failed-logins.max-series`). */
  readonly maxAddresses: number;
}

/** Failed logins from a btmp file (lastb(1)). No user name is kept, logged or returned. */
export class BtmpSource implements HistorySource<FailedLogins> {
  readonly #follower: RecordFollower<FailedLogins>;

  constructor({ filter, maxAddresses, ...options }: BtmpSourceOptions) {
    this.#follower = new RecordFollower({
      ...options,
      source: "btmp",
      createCounter: () => new FailedLoginCounter({ filter, maxAddresses }),
      totals: ({ remote, local }) => [remote, local],
    });
  }

  read(options: HistoryReadOptions): Promise<HistoryRead<FailedLogins>> {
    return this.#follower.read(options);
  }
}
