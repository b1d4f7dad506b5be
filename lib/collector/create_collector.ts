import type { Clock } from "../clock.ts";
import type { Config } from "../cli/config.ts";
import type { Log } from "../log.ts";
import { Observer, type ObserverOptions } from "./collector.ts";
import { RecordLog } from "../sources/record_log.ts";
import type { Session } from "../sessions/session.ts";
import type { ReadFailure } from "../sessions/snapshot.ts";
import { idleTimes } from "../processes/idle_times.ts";
import type { Files } from "../files/files.ts";
import { LogindSource } from "../sources/logind.ts";
import { type ProcessFacts, ProcfsSource } from "../processes/liveness.ts";
import { TimelySource } from "../sources/with_timeout.ts";
import { UnionSource } from "../sources/union.ts";
import { UtmpSource } from "../sources/utmp.ts";
import { TimelyMount } from "../processes/mount.ts";
import type { UserFilter } from "../sessions/user_filter.ts";
import type { LayoutName } from "../utmp/layout.ts";

/** What the process hands to the observer. */
export interface Surroundings {
  readonly files: Files;
  readonly clock: Clock;
  readonly log: Log;
  readonly filter: UserFilter;
  readonly nativeLayout: LayoutName;
  readonly onFailure: (failure: ReadFailure) => void;
}

/** The observer that a configuration asks for. */
export function observerOf(config: Config, surroundings: Surroundings): Observer {
  const { procfsPath, devfsPath } = config;
  return new Observer({
    ...surroundings,
    source: sourceOf(config, surroundings),
    maxSeries: config.maxSeries,
    procfs: procfsPath === "" ? null : procfsOf(procfsPath, surroundings),
    idleTimes: devfsPath === "" ? null : idleTimesOf(devfsPath, surroundings),
  });
}

function sourceOf(config: Config, surroundings: Surroundings): UnionSource {
  const { files, clock, log, filter, nativeLayout } = surroundings;
  const recordLog = new RecordLog(log, { dropped: config.droppedLabels, filter });
  const { source, utmpPath, utmpLayout: layout, logindPath } = config;
  const common = { files, clock, log, recordLog };
  const utmp = new TimelySource(
    new UtmpSource({ path: utmpPath, layout, nativeLayout, filter, ...common }),
    { name: "utmp", path: utmpPath },
  );
  const logind = new TimelySource(
    new LogindSource({ path: logindPath, ...common }),
    { name: "logind", path: logindPath },
  );
  return new UnionSource({
    utmp: source === "logind" ? null : utmp,
    logind: source === "utmp" ? null : logind,
  });
}

/** Without an answer in time nothing is known of the processes. */
function procfsOf(path: string, { files, clock, log }: Surroundings): ObserverOptions["procfs"] {
  const source = new ProcfsSource({ path, files, clock, log });
  const mount = new TimelyMount<ProcessFacts | null>({ path, log });
  return { look: (snapshot) => mount.ask(() => source.look(snapshot), null) };
}

/** Without an answer in time no idle time is known. */
function idleTimesOf(
  path: string,
  { files, clock, log }: Surroundings,
): ObserverOptions["idleTimes"] {
  const mount = new TimelyMount<ReadonlyMap<Session, number>>({ path, log });
  return (sessions) =>
    mount.ask(() => idleTimes(sessions, { path, files, now: clock.epoch() }), new Map());
}
