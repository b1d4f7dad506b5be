import type { Config } from "../cli/config.ts";
import { Collector, type CollectorOptions } from "./collector.ts";
import type { Session } from "../sessions/session.ts";
import type { ReadFailure } from "../sessions/snapshot.ts";
import { idleTimes } from "../processes/idle_times.ts";
import type { History } from "../history/history.ts";
import { ProcessChecker, type ProcessFacts } from "../processes/process_checker.ts";
import { createSource, type SourceDeps } from "../sources/registry.ts";
import { Mount } from "../processes/mount.ts";

/** What the collector needs from the process. */
export interface CollectorDeps extends SourceDeps {
  readonly history?: History | null;
  readonly onFailure: (failure: ReadFailure) => void;
}

/** Creates the collector for a configuration. */
export function createCollector(config: Config, deps: CollectorDeps): Collector {
  const { procfsPath, devfsPath } = config;
  return new Collector({
    ...deps,
    source: createSource(config, deps),
    maxSeries: config.maxSeries,
    procfs: procfsPath === "" ? null : procfsOf(procfsPath, deps),
    idleTimes: devfsPath === "" ? null : idleTimesOf(devfsPath, deps),
  });
}

/** Reads the processes; null if they cannot be read in time. */
function procfsOf(path: string, { files, clock, log }: CollectorDeps): CollectorOptions["procfs"] {
  const checker = new ProcessChecker({ path, files, clock, log });
  const mount = new Mount<ProcessFacts | null>({ path, log });
  return { read: (snapshot) => mount.read(() => checker.read(snapshot), null) };
}

/** Reads the idle times; none if they cannot be read in time. */
function idleTimesOf(
  path: string,
  { files, clock, log }: CollectorDeps,
): CollectorOptions["idleTimes"] {
  const mount = new Mount<ReadonlyMap<Session, number>>({ path, log });
  return (sessions) =>
    mount.read(() => idleTimes(sessions, { path, files, now: clock.epoch() }), new Map());
}
