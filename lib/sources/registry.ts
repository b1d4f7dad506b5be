import type { Config } from "../cli/config.ts";
import type { Clock } from "../clock.ts";
import type { Files } from "../files/files.ts";
import type { Log } from "../log.ts";
import type { SourceName } from "../sessions/snapshot.ts";
import type { UserFilter } from "../sessions/user_filter.ts";
import type { LayoutName } from "../utmp/mod.ts";
import { LogindSource } from "./logind.ts";
import { RecordLog } from "./record_log.ts";
import type { Source } from "./source.ts";
import { UnionSource } from "./union.ts";
import { UtmpSource } from "./utmp.ts";
import { sourceWithTimeout } from "./with_timeout.ts";

/** What the sources need from the process. */
export interface SourceDeps {
  readonly files: Files;
  readonly clock: Clock;
  readonly log: Log;
  readonly filter: UserFilter;
  readonly nativeLayout: LayoutName;
}

type LoggingDeps = SourceDeps & { readonly recordLog: RecordLog };

/**
 * How each source is created. To add a source, add its name to `SOURCE_NAMES`, an entry here, and to `unionOf`
 * how its sessions are matched with those of the others.
 */
const SOURCES = {
  utmp: ({ utmpPath: path, utmpLayout: layout }: Config, deps: LoggingDeps) =>
    sourceWithTimeout(new UtmpSource({ path, layout, ...deps }), { name: "utmp", path }),
  logind: ({ logindPath: path }: Config, deps: LoggingDeps) =>
    sourceWithTimeout(new LogindSource({ path, ...deps }), { name: "logind", path }),
} satisfies Record<SourceName, (config: Config, deps: LoggingDeps) => Source>;

/** The source that a configuration selects; `auto` selects all of them. */
export function createSource(config: Config, deps: SourceDeps): UnionSource {
  const { log, filter } = deps;
  const recordLog = new RecordLog(log, { dropped: config.droppedLabels, filter });
  const isSelected = (name: SourceName): boolean => ["auto", name].includes(config.source);
  return new UnionSource({
    utmp: isSelected("utmp") ? SOURCES.utmp(config, { ...deps, recordLog }) : null,
    logind: isSelected("logind") ? SOURCES.logind(config, { ...deps, recordLog }) : null,
  });
}
