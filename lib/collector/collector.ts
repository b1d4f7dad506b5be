import { bootTimeOf } from "../sessions/boot_time.ts";
import type { Clock } from "../clock.ts";
import { MAX_AGE } from "../files/file_version.ts";
import type { Log } from "../log.ts";
import { LogOnChange } from "../log_on_change.ts";
import { singleFlight } from "../single_flight.ts";
import { kindOfLine, NONE, type Session } from "../sessions/session.ts";
import type { CollectResult } from "../sessions/collect_result.ts";
import type {
  ReadFailure,
  Snapshot,
  SourcesResult,
  VisibleSessions,
} from "../sessions/snapshot.ts";
import type { ProcessChecker } from "../processes/process_checker.ts";
import { StatusLog } from "../sources/status_log.ts";
import { TERMINAL_GRACE } from "../processes/terminals.ts";
import type { History } from "../history/history.ts";
import type { HistoryResult } from "../sessions/history.ts";
import { readsOf } from "../sessions/past_logins.ts";
import type { UnionSource } from "../sources/union.ts";
import type { UserFilter } from "../sessions/user_filter.ts";

/** The options of a {@link Collector}. */
export interface CollectorOptions {
  readonly source: Pick<UnionSource, "read">;
  /** Null without `--path.procfs`. */
  readonly procfs: Pick<ProcessChecker, "read"> | null;
  /** Idle times of sessions, in seconds; null without `--path.devfs`. */
  readonly idleTimes:
    | ((sessions: readonly Session[]) => Promise<ReadonlyMap<Session, number>>)
    | null;
  /** None if no source of past logins is configured. */
  readonly history?: Pick<History, "read"> | null;
  readonly filter: UserFilter;
  /** The maximum number of sessions with series of their own. */
  readonly maxSeries: number;
  readonly clock: Clock;
  readonly log: Log;
  /** Called once for each failed read of a source. */
  readonly onFailure: (failure: ReadFailure) => void;
}

/** The last visible sessions, and when their processes were checked, in monotonic milliseconds. */
interface LastVisible {
  readonly visible: VisibleSessions;
  readonly at: number;
}

/** For each scrape, reads the sources, and checks the processes and terminals of the sessions. */
export class Collector {
  readonly #options: CollectorOptions;
  readonly #statusLog: StatusLog;
  readonly #isOverCap = new LogOnChange(false);
  #last: LastVisible | null = null;

  constructor(options: CollectorOptions) {
    this.#options = options;
    this.#statusLog = new StatusLog(options.log, options.filter);
  }

  /** Collects the sessions. Overlapping calls share one result. Never rejects. */
  readonly collect: () => Promise<CollectResult> = singleFlight(() => this.#collect());

  async #collect(): Promise<CollectResult> {
    const { onFailure, idleTimes } = this.#options;
    const [reading, history] = await this.#read();
    const { results, snapshot } = reading;
    this.#statusLog.note(reading);
    const past = history === null ? [] : readsOf(history);
    this.#statusLog.noteHistory(past);
    for (const result of [...results, ...past]) if (!result.ok) onFailure(result.failure);
    const visible = snapshot === null ? null : await this.#visibleOf(snapshot);
    const idle = visible === null || idleTimes === null
      ? new Map()
      : await idleTimes(visible.sessions);
    return { results, visible, idle, history };
  }

  #read(): Promise<[SourcesResult, HistoryResult | null]> {
    const { source, history } = this.#options;
    return Promise.all([source.read(), history?.read() ?? null]);
  }

  /** The visible sessions; the same object until the snapshot or the processes may have changed. */
  async #visibleOf(snapshot: Snapshot): Promise<VisibleSessions> {
    const last = this.#last;
    if (last?.visible.snapshot === snapshot && !this.#isOutdated(last)) return last.visible;
    const { procfs, filter, clock } = this.#options;
    const at = clock.monotonic();
    const facts = procfs === null ? null : await procfs.read(snapshot);
    const included = snapshot.sessions.filter(({ username }) => filter(username));
    const living = included.filter((session) => facts === null || !facts.stale.has(session));
    const visible = {
      snapshot,
      sessions: living.map((session) => withLine(session, facts?.lines.get(session))),
      bootTime: bootTimeOf(snapshot.bootTime, facts?.bootTime ?? null),
      stale: facts === null ? null : included.length - living.length,
      closing: snapshot.closing?.filter(({ username }) => filter(username)).length ?? null,
    };
    this.#last = { visible, at };
    this.#logCap(visible.sessions.length);
    return visible;
  }

  #logCap(sessions: number): void {
    const { maxSeries, log } = this.#options;
    const isOver = sessions > maxSeries;
    this.#isOverCap.update(isOver, () => {
      const numbers = { sessions, max_series: maxSeries };
      if (isOver) {
        const advice = "raise --sessions.max-series, or find out who opens so many sessions";
        log.warn("more sessions than --sessions.max-series", { ...numbers, advice });
      } else {
        log.info("all sessions have series again", numbers);
      }
    });
  }

  /** Whether a process may have ended, or got its terminal, since the last check. */
  #isOutdated({ visible: { sessions }, at }: LastVisible): boolean {
    const { procfs, clock } = this.#options;
    if (procfs === null) return false;
    if (clock.monotonic() - at >= MAX_AGE) return true;
    const youngest = (clock.epoch() - TERMINAL_GRACE) / 1000;
    return sessions.some(({ tty, loginTime }) =>
      tty === NONE && loginTime !== null && loginTime > youngest
    );
  }
}

/** The session with the terminal of its processes. */
function withLine(session: Session, line: string | undefined): Session {
  return line === undefined
    ? session
    : { ...session, tty: line, kind: kindOfLine(line, session.from) };
}
