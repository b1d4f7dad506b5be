import type { Look } from "./snapshot.ts";
import type { Source } from "./source.ts";

/** What {@link AutoSource} chooses from. */
export interface Alternatives {
  readonly utmp: Source;
  readonly logind: Source & { readonly isHere: () => Promise<boolean> };
}

/**
 * utmp while it holds a session; otherwise logind where it runs; otherwise utmp. Never both, since the
 * same login stands in each.
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
    return await this.#logind.isHere() ? await this.#logind.look() : look;
  }
}
