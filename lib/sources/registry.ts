import type { Config } from "../cli/config.ts";
import type { Clock } from "../clock.ts";
import type { Files } from "../files/files.ts";
import { readWithTimeout } from "../files/read_with_timeout.ts";
import type { Log } from "../log.ts";
import { type ReadFailure, SOURCE_NAMES, type SourceName } from "../sessions/snapshot.ts";
import type { UserFilter } from "../sessions/user_filter.ts";
import type { LayoutName } from "../utmp/mod.ts";
import { LogindSource } from "./logind.ts";
import { RecordLog } from "./record_log.ts";
import type { Source } from "./source.ts";
import { UnionSource } from "./union.ts";
import { UtmpSource } from "./utmp.ts";

/** What the sources need from the process. */
export interface SourceDeps {
  readonly files: Files;
  readonly clock: Clock;
  readonly log: Log;
  readonly filter: UserFilter;
  readonly nativeLayout: LayoutName;
}

type LoggingDeps = SourceDeps & { readonly recordLog: RecordLog };

/** How each source is created, in the order of {@link SOURCE_NAMES}. To add a source, add its name and an entry. */
const SOURCES: Readonly<Record<SourceName, (config: Config, deps: LoggingDeps) => Source>> = {
  utmp: ({ utmpPath: path, utmpLayout: layout }, deps) =>
    withTimeout(new UtmpSource({ path, layout, ...deps }), { source: "utmp", path }),
  logind: ({ logindPath: path }, deps) =>
    withTimeout(new LogindSource({ path, ...deps }), { source: "logind", path }),
};

/** The source that a configuration selects; `auto` selects all of them. */
export function createSource(config: Config, deps: SourceDeps): UnionSource {
  const { log, filter } = deps;
  const recordLog = new RecordLog(log, { dropped: config.droppedLabels, filter });
  const names = SOURCE_NAMES.filter((name) => ["auto", name].includes(config.source));
  return new UnionSource(names.map((name) => SOURCES[name](config, { ...deps, recordLog })));
}

function withTimeout(source: Source, read: Pick<ReadFailure, "source" | "path">): Source {
  return { read: readWithTimeout(() => source.read(), read) };
}
