import type { Look } from "./snapshot.ts";
import type { Source } from "./source.ts";

/** What {@link AutoSource} chooses from. */
export interface Alternatives {
  readonly utmp: Source;
  /** Null where logind does not run. */
  readonly logind: { readonly look: () => Promise<Look | null> };
}

/**
 * utmp while it holds a session; otherwise logind where it runs; otherwise utmp. Never both, since the
 * same login stands in each. A utmp that is there and cannot be read is told beside what logind says.
 */
export class AutoSource implements Source {
  readonly #utmp: Alternatives["utmp"];
  readonly #logind: Alternatives["logind"];

  constructor({ utmp, logind }: Alternatives) {
    this.#utmp = utmp;
    this.#logind = logind;
  }

  async look(): Promise<Look> {
    const look = await this.#utmp.look();
    if (look.ok && look.snapshot.sessions.length > 0) return look;
    const instead = await this.#logind.look();
    if (instead === null) return look;
    return look.ok || look.failure.reason === "missing"
      ? instead
      : { ...instead, passedOver: look.failure };
  }
}
