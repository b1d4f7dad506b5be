import type { Clock } from "../clock.ts";
import type { Config } from "../cli/config.ts";
import type { Log } from "../log.ts";
import { Collector, type CollectorOptions } from "./collector.ts";
import { RecordLog } from "../sources/record_log.ts";
import type { Session } from "../sessions/session.ts";
import type { ReadFailure } from "../sessions/snapshot.ts";
import { idleTimes } from "../processes/idle_times.ts";
import type { Files } from "../files/files.ts";
import { LogindSource } from "../sources/logind.ts";
import { type ProcessFacts, ProcfsSource } from "../processes/liveness.ts";
import { sourceWithTimeout } from "../sources/with_timeout.ts";
import { UnionSource } from "../sources/union.ts";
import { UtmpSource } from "../sources/utmp.ts";
import { Mount } from "../processes/mount.ts";
import type { UserFilter } from "../sessions/user_filter.ts";
import type { LayoutName } from "../utmp/layout.ts";

/** What the collector needs from the process. */
export interface CollectorDeps {
  readonly files: Files;
  readonly clock: Clock;
  readonly log: Log;
  readonly filter: UserFilter;
  readonly nativeLayout: LayoutName;
  readonly onFailure: (failure: ReadFailure) => void;
}

/** Creates the collector for a configuration. */
export function createCollector(config: Config, deps: CollectorDeps): Collector {
  const { procfsPath, devfsPath } = config;
  return new Collector({
    ...deps,
    source: sourceOf(config, deps),
    maxSeries: config.maxSeries,
    procfs: procfsPath === "" ? null : procfsOf(procfsPath, deps),
    idleTimes: devfsPath === "" ? null : idleTimesOf(devfsPath, deps),
  });
}

function sourceOf(config: Config, deps: CollectorDeps): UnionSource {
  const { files, clock, log, filter, nativeLayout } = deps;
  const recordLog = new RecordLog(log, { dropped: config.droppedLabels, filter });
  const { source, utmpPath, utmpLayout: layout, logindPath } = config;
  const common = { files, clock, log, recordLog };
  const utmp = sourceWithTimeout(
    new UtmpSource({ path: utmpPath, layout, nativeLayout, filter, ...common }),
    { name: "utmp", path: utmpPath },
  );
  const logind = sourceWithTimeout(
    new LogindSource({ path: logindPath, ...common }),
    { name: "logind", path: logindPath },
  );
  return new UnionSource({
    utmp: source === "logind" ? null : utmp,
    logind: source === "utmp" ? null : logind,
  });
}

/** Null facts if procfs does not answer in time. */
function procfsOf(path: string, { files, clock, log }: CollectorDeps): CollectorOptions["procfs"] {
  const source = new ProcfsSource({ path, files, clock, log });
  const mount = new Mount<ProcessFacts | null>({ path, log });
  return { read: (snapshot) => mount.read(() => source.read(snapshot), null) };
}

/** No idle times if devfs does not answer in time. */
function idleTimesOf(
  path: string,
  { files, clock, log }: CollectorDeps,
): CollectorOptions["idleTimes"] {
  const mount = new Mount<ReadonlyMap<Session, number>>({ path, log });
  return (sessions) =>
    mount.read(() => idleTimes(sessions, { path, files, now: clock.epoch() }), new Map());
}
