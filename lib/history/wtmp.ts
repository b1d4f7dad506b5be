import type { Clock } from "../clock.ts";
import type { FileOpener } from "../files/open_file.ts";
import type { Log } from "../log.ts";
import type { HistoryRead, Logins } from "../sessions/history.ts";
import type { UserFilter } from "../sessions/user_filter.ts";
import type { LayoutName } from "../utmp/mod.ts";
import type { HistoryReadOptions, HistorySource } from "./history_source.ts";
import { LoginCounter } from "./login_counter.ts";
import { RecordFollower } from "./record_follower.ts";

/** The configuration of a source that reads a file of records. */
export interface RecordSourceOptions {
  readonly path: string;
  /** The layout of the machine that the program was built for. It decides a tie. */
  readonly nativeLayout: LayoutName;
  readonly files: FileOpener;
  readonly clock: Clock;
  readonly log: Log;
  /** Users whose records are counted. */
  readonly filter: UserFilter;
}

/** Logins from a wtmp file (wtmp(5)). */
export class WtmpSource implements HistorySource<Logins> {
  readonly #follower: RecordFollower<Logins>;

  constructor({ filter, ...options }: RecordSourceOptions) {
    this.#follower = new RecordFollower({
      ...options,
      source: "wtmp",
      createCounter: () => new LoginCounter(filter),
      totals: ({ counts }) => counts.map(({ logins }) => logins),
    });
  }

  read(options: HistoryReadOptions): Promise<HistoryRead<Logins>> {
    return this.#follower.read(options);
  }
}
