import { bootTimeOf } from "../sessions/boot_time.ts";
import type { Clock } from "../clock.ts";
import { MAX_AGE } from "../files/file_version.ts";
import type { Log } from "../log.ts";
import { kindOfLine, NONE, type Session } from "../sessions/session.ts";
import type {
  CollectResult,
  ReadFailure,
  Snapshot,
  VisibleSessions,
} from "../sessions/snapshot.ts";
import type { ProcfsSource } from "../processes/liveness.ts";
import { StatusLog } from "../sources/status_log.ts";
import { TERMINAL_GRACE } from "../processes/terminals.ts";
import type { UnionSource } from "../sources/union.ts";
import type { UserFilter } from "../sessions/user_filter.ts";

/** The configuration of an {@link Collector}. */
export interface CollectorOptions {
  readonly source: Pick<UnionSource, "read">;
  /** Null where no procfs was given. */
  readonly procfs: Pick<ProcfsSource, "read"> | null;
  /** Idle times of sessions; null where no devfs was given. */
  readonly idleTimes:
    | ((sessions: readonly Session[]) => Promise<ReadonlyMap<Session, number>>)
    | null;
  readonly filter: UserFilter;
  /** How many sessions have series of their own. */
  readonly maxSeries: number;
  readonly clock: Clock;
  readonly log: Log;
  /** Called once for each look that failed. */
  readonly onFailure: (failure: ReadFailure) => void;
}

/** What is shown, and when its processes were looked at, in monotonic milliseconds. */
interface LastVisible {
  readonly visible: VisibleSessions;
  readonly at: number;
}

/** Looks at the sources for each scrape, and at the processes and terminals of its sessions. */
export class Collector {
  readonly #options: CollectorOptions;
  readonly #report: StatusLog;
  #collecting: Promise<CollectResult> | null = null;
  #last: LastVisible | null = null;
  #isOverCap = false;

  constructor(options: CollectorOptions) {
    this.#options = options;
    this.#report = new StatusLog(options.log, options.filter);
  }

  /** What is to be shown now. Observations that overlap are one. Never rejects. */
  async collect(): Promise<CollectResult> {
    this.#collecting ??= this.#collectOnce().finally(() => this.#collecting = null);
    return await this.#collecting;
  }

  async #collectOnce(): Promise<CollectResult> {
    const { source, onFailure, idleTimes } = this.#options;
    const reading = await source.read();
    const { results, snapshot } = reading;
    this.#report.note(reading);
    for (const result of results) if (!result.ok) onFailure(result.failure);
    const visible = snapshot === null ? null : await this.#visibleOf(snapshot);
    const idle = visible === null || idleTimes === null
      ? new Map()
      : await idleTimes(visible.sessions);
    return { results, visible, idle };
  }

  /** The sessions to show; worked out anew when the snapshot or its processes may have changed. */
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
    this.#noteCap(visible.sessions.length);
    return visible;
  }

  /** One line when sessions begin or cease to be left out of the series. */
  #noteCap(sessions: number): void {
    const { maxSeries, log } = this.#options;
    if (this.#isOverCap === sessions > maxSeries) return;
    this.#isOverCap = sessions > maxSeries;
    if (this.#isOverCap) {
      const advice = "raise --sessions.max-series, or look into who opens so many";
      log.warn("sessions above the cap have no series of their own", {
        sessions,
        max_series: maxSeries,
        advice,
      });
    } else {
      log.info("every session has series of its own again", { sessions, max_series: maxSeries });
    }
  }

  /** Whether a process may have ended or got its terminal since. */
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

/** The session with the terminal that its processes have. */
function withLine(session: Session, line: string | undefined): Session {
  return line === undefined
    ? session
    : { ...session, tty: line, kind: kindOfLine(line, session.from) };
}
