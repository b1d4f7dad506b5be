import type { Clock } from "../clock.ts";
import { lookFamilies, sessionFamilies, type Shape } from "../metrics/exposition.ts";
import type { Family } from "../metrics/metric_family.ts";
import { type Body, KeptChunks, type KeptEnd, KeptText } from "../metrics/kept_text.ts";
import type { Observer } from "./collector.ts";
import type { Observation, Shown } from "../sessions/snapshot.ts";
import type { Telemetry } from "../metrics/exporter_metrics.ts";
import {
  encodedParts,
  ENDINGS,
  type Format,
  renderedChunks,
  renderFamilies,
} from "../metrics/text_format.ts";
import { eachInTurn } from "../turns.ts";

/** How a body is wanted. */
export interface Wanted {
  readonly format: Format;
  readonly isCompressed: boolean;
}

/** The body of a scrape, and whether the sessions could be read for it. */
export interface Scrape {
  readonly body: Body;
  readonly hasSessions: boolean;
}

/** With more sessions an exposition is rendered in turns with other work, and its sessions alone are kept. */
export const MANY_SESSIONS = 100;

/** What was rendered last, and what of. */
interface Rendered {
  readonly observation: Observation;
  readonly own: readonly Family[];
  readonly process: readonly Family[];
  /** What the exporter says of itself and of its last look. */
  readonly look: string;
  /** What the sessions give, up to the end of the exposition. */
  readonly sessions: KeptText | KeptChunks;
  /** The beginning of the exposition, which changes more often than the rest. */
  readonly start: string;
  /** The rest, which stays the same for a while. */
  readonly rest: KeptEnd;
}

/**
 * Answers scrapes. Nothing is rendered again that has not changed since the last scrape, and what stays the
 * same for long is encoded and compressed once: all but the numbers of the process where there are few
 * sessions, otherwise the sessions.
 */
export class Scraper {
  readonly #observer: Pick<Observer, "observe">;
  readonly #telemetry: Telemetry;
  readonly #shape: Shape;
  readonly #clock: Clock;
  readonly #rendered = new Map<Format, Rendered>();

  constructor(
    { observer, telemetry, shape, clock }: {
      readonly observer: Pick<Observer, "observe">;
      readonly telemetry: Telemetry;
      readonly shape: Shape;
      readonly clock: Clock;
    },
  ) {
    this.#observer = observer;
    this.#telemetry = telemetry;
    this.#shape = shape;
    this.#clock = clock;
  }

  /** Looks at the sessions and gives the whole exposition. */
  async scrape({ format, isCompressed }: Wanted): Promise<Scrape> {
    const observation = await this.#observer.observe();
    const { start, rest } = this.#render(observation, format);
    const body = isCompressed ? await rest.compressed(start) : await rest.plain(start);
    return { body, hasSessions: observation.shown !== null };
  }

  #render(observation: Observation, format: Format): Rendered {
    const last = this.#rendered.get(format);
    const own = this.#telemetry.families();
    const process = this.#telemetry.processFamilies();
    const isSame = last?.own === own && isSameLook(last.observation, observation);
    if (isSame && last.process === process) return last;
    const { shown } = observation;
    const sessions = last?.observation.shown === shown
      ? last.sessions
      : this.#sessions(shown, format);
    const look = isSame
      ? last.look
      : renderFamilies([...own, ...lookFamilies(observation, this.#shape)], format);
    const isMany = sessions instanceof KeptChunks;
    const isAsBefore = last?.sessions === sessions && last.look === look;
    const rest = isMany ? sessions : isAsBefore ? last.rest : new KeptText(look + sessions.text);
    const start = renderFamilies(process, format) + (isMany ? look : "");
    const rendered = { observation, own, process, look, sessions, start, rest };
    this.#rendered.set(format, rendered);
    return rendered;
  }

  #sessions(shown: Shown | null, format: Format): KeptText | KeptChunks {
    if (shown !== null && shown.snapshot.sessions.length > MANY_SESSIONS) {
      return new KeptChunks(() => this.#chunks(shown, format));
    }
    const families = shown === null ? [] : sessionFamilies(shown, this.#shape);
    return new KeptText(renderFamilies(families, format) + ENDINGS[format]);
  }

  /** Encoded chunks, between which other work has its turn. */
  async *#chunks(shown: Shown, format: Format): AsyncGenerator<Uint8Array<ArrayBuffer>> {
    const parts = encodedParts(chunksOf(sessionFamilies(shown, this.#shape), format));
    for await (const part of eachInTurn(parts, this.#clock)) {
      if (part !== undefined) yield part;
    }
  }
}

function* chunksOf(families: readonly Family[], format: Format): Generator<string, void> {
  yield* renderedChunks(families, format);
  yield ENDINGS[format];
}

/** Whether nothing can differ between the expositions of two observations. */
function isSameLook(a: Observation, b: Observation): boolean {
  if (a === b) return true;
  return a.shown === b.shown && a.idle.size === 0 && b.idle.size === 0 &&
    a.looks.length === b.looks.length && a.looks.every((look, i) => look === b.looks[i]);
}
