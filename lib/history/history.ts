import { historyFamilies } from "./history_families.ts";
import { singleFlight } from "../single_flight.ts";
import type {
  FailedLogins,
  HistoryRead,
  HistoryResult,
  LastLogins,
  Logins,
} from "../sessions/history.ts";

type Read<Data> = (() => Promise<HistoryRead<Data>>) | null;

/** How each source is read; null for one that is not configured. */
export interface HistoryReads {
  readonly wtmp: Read<Logins>;
  readonly btmp: Read<FailedLogins>;
  readonly wtmpdb: Read<Logins>;
  readonly lastlog2: Read<LastLogins>;
}

/** Reads all configured sources of past logins. */
export class History {
  readonly #reads: HistoryReads;
  #last: HistoryResult | null = null;

  /** The result of a read as families. Here, so that nothing of it is loaded without a source of past logins. */
  readonly families: typeof historyFamilies = historyFamilies;

  constructor(reads: HistoryReads) {
    this.#reads = reads;
  }

  /** Reads what was added to each source. The same object until a result changes. Never rejects. */
  readonly read: () => Promise<HistoryResult> = singleFlight(() => this.#read());

  async #read(): Promise<HistoryResult> {
    const reads = this.#reads;
    const [wtmp, btmp, wtmpdb, lastlog2] = await Promise.all([
      reads.wtmp?.() ?? null,
      reads.btmp?.() ?? null,
      reads.wtmpdb?.() ?? null,
      reads.lastlog2?.() ?? null,
    ]);
    const last = this.#last;
    const isSame = last?.wtmp === wtmp && last.btmp === btmp && last.wtmpdb === wtmpdb &&
      last.lastlog2 === lastlog2;
    return isSame ? last : this.#last = { wtmp, btmp, wtmpdb, lastlog2 };
  }
}
