import type { Clock } from "./clock.ts";
import type { Config } from "./config.ts";
import type { Log } from "./log.ts";
import { Observer } from "./observer.ts";
import { RecordLog } from "./record_log.ts";
import type { ReadFailure } from "./snapshot.ts";
import type { Source } from "./source.ts";
import { AutoSource } from "./source_auto.ts";
import { idleTimes } from "./source_devfs.ts";
import type { Files } from "./source_file.ts";
import { LogindSource } from "./source_logind.ts";
import { ProcfsSource } from "./source_procfs.ts";
import { UtmpSource } from "./source_utmp.ts";
import type { UserFilter } from "./user_filter.ts";
import type { LayoutName } from "./utmp/layout.ts";

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
  const { files, clock, log } = surroundings;
  const { source: wanted, utmpPath, logindPath, procfsPath, devfsPath } = config;
  return new Observer({
    ...surroundings,
    source: sourceOf(config, surroundings),
    sourceName: wanted === "logind" ? "logind" : "utmp",
    maxSeries: config.maxSeries,
    sourcePath: wanted === "logind" ? logindPath : utmpPath,
    procfs: procfsPath === "" ? null : new ProcfsSource({ path: procfsPath, files, log }),
    idleTimes: devfsPath === ""
      ? null
      : (sessions) => idleTimes(sessions, { path: devfsPath, files, now: clock.epoch() }),
  });
}

function sourceOf(config: Config, surroundings: Surroundings): Source {
  const { files, clock, log, filter, nativeLayout } = surroundings;
  const recordLog = new RecordLog(log, { dropped: config.droppedLabels, filter });
  const { utmpPath: path, utmpLayout: layout } = config;
  const utmp = new UtmpSource({ path, layout, nativeLayout, files, clock, log, recordLog });
  if (config.source === "utmp") return utmp;
  const logind = new LogindSource({ path: config.logindPath, files, clock, log, recordLog });
  return config.source === "logind" ? logind : new AutoSource({ utmp, logind });
}
