import { bootTimeOf } from "./boot_time.ts";
import type { Clock } from "./clock.ts";
import { MAX_AGE } from "./freshness.ts";
import type { Log } from "./log.ts";
import { kindOfLine, NONE, type Session } from "./session.ts";
import type { Observation, ReadFailure, Shown, Snapshot } from "./snapshot.ts";
import type { ProcfsSource } from "./source_procfs.ts";
import { SourceReport } from "./source_report.ts";
import { TERMINAL_GRACE } from "./source_terminals.ts";
import type { UnionSource } from "./source_union.ts";
import type { UserFilter } from "./user_filter.ts";

/** The configuration of an {@link Observer}. */
export interface ObserverOptions {
  readonly source: Pick<UnionSource, "read">;
  /** Null where no procfs was given. */
  readonly procfs: Pick<ProcfsSource, "look"> | null;
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
interface LastShown {
  readonly shown: Shown;
  readonly at: number;
}

/** Looks at the sources for each scrape, and at the processes and terminals of its sessions. */
export class Observer {
  readonly #options: ObserverOptions;
  readonly #report: SourceReport;
  #observing: Promise<Observation> | null = null;
  #last: LastShown | null = null;
  #isOverCap = false;

  constructor(options: ObserverOptions) {
    this.#options = options;
    this.#report = new SourceReport(options.log, options.filter);
  }

  /** What is to be shown now. Observations that overlap are one. Never rejects. */
  async observe(): Promise<Observation> {
    this.#observing ??= this.#observeOnce().finally(() => this.#observing = null);
    return await this.#observing;
  }

  async #observeOnce(): Promise<Observation> {
    const { source, onFailure, idleTimes } = this.#options;
    const reading = await source.read();
    const { looks, snapshot } = reading;
    this.#report.note(reading);
    for (const look of looks) if (!look.ok) onFailure(look.failure);
    const shown = snapshot === null ? null : await this.#shownOf(snapshot);
    const idle = shown === null || idleTimes === null ? new Map() : await idleTimes(shown.sessions);
    return { looks, shown, idle };
  }

  /** The sessions to show; worked out anew when the snapshot or its processes may have changed. */
  async #shownOf(snapshot: Snapshot): Promise<Shown> {
    const last = this.#last;
    if (last?.shown.snapshot === snapshot && !this.#isOutdated(last)) return last.shown;
    const { procfs, filter, clock } = this.#options;
    const at = clock.monotonic();
    const facts = procfs === null ? null : await procfs.look(snapshot);
    const included = snapshot.sessions.filter(({ username }) => filter(username));
    const living = included.filter((session) => facts === null || !facts.stale.has(session));
    const shown = {
      snapshot,
      sessions: living.map((session) => withLine(session, facts?.lines.get(session))),
      bootTime: bootTimeOf(snapshot.bootTime, facts?.bootTime ?? null),
      stale: facts === null ? null : included.length - living.length,
      closing: snapshot.closing?.filter(({ username }) => filter(username)).length ?? null,
    };
    this.#last = { shown, at };
    this.#noteCap(shown.sessions.length);
    return shown;
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
  #isOutdated({ shown: { sessions }, at }: LastShown): boolean {
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
