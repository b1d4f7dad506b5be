import type { Config } from "../cli/config.ts";
import type { Clock } from "../clock.ts";
import type { FileOpener } from "../files/open_file.ts";
import { readWithTimeout } from "../files/read_with_timeout.ts";
import type { Log } from "../log.ts";
import type { HistoryRead } from "../sessions/history.ts";
import type { HistorySourceName } from "../sessions/snapshot.ts";
import type { UserFilter } from "../sessions/user_filter.ts";
import type { LayoutName } from "../utmp/mod.ts";
import { BtmpSource } from "./btmp.ts";
import { History } from "./history.ts";
import type { HistorySource } from "./history_source.ts";
import { Lastlog2Source } from "./lastlog2.ts";
import type { DatabaseFiles } from "./open_database.ts";
import { WtmpSource } from "./wtmp.ts";
import { WtmpdbSource } from "./wtmpdb.ts";

/** What the sources of past logins need from the process. */
export interface HistoryDeps {
  readonly files: FileOpener & DatabaseFiles;
  readonly clock: Clock;
  readonly log: Log;
  readonly filter: UserFilter;
  readonly nativeLayout: LayoutName;
  /** Whether to wait for the end of a pass over a large file. */
  readonly waits: boolean;
}

/** Creates the sources of past logins that have a path. */
export function createHistory(
  { history: paths, maxFailedLoginSeries: maxAddresses }: Config,
  { waits, ...deps }: HistoryDeps,
): History {
  const readOf = <Data>(
    name: HistorySourceName,
    create: (path: string) => HistorySource<Data>,
  ): (() => Promise<HistoryRead<Data>>) | null => {
    const path = paths[name];
    if (path === "") return null;
    const source = create(path);
    const read = readWithTimeout(() => source.read({ waits: false }), { source: name, path });
    if (!waits) return read;
    return async () => {
      const first = await read();
      // A pass may take as long as the file is large.
      return first.ok && first.data === null ? await source.read({ waits }) : first;
    };
  };
  return new History({
    wtmp: readOf("wtmp", (path) => new WtmpSource({ path, ...deps })),
    btmp: readOf("btmp", (path) => new BtmpSource({ path, maxAddresses, ...deps })),
    wtmpdb: readOf("wtmpdb", (path) => new WtmpdbSource({ path, ...deps })),
    lastlog2: readOf("lastlog2", (path) => new Lastlog2Source({ path, ...deps })),
  });
}
