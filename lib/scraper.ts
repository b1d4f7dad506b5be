import { lookFamilies, sessionFamilies, type Shape } from "./exposition.ts";
import type { Family } from "./family.ts";
import { gzipWith } from "./gzip.ts";
import { KeptText } from "./kept_text.ts";
import type { Observer } from "./observer.ts";
import type { Observation, Shown } from "./snapshot.ts";
import type { Telemetry } from "./telemetry.ts";
import { ENDINGS, type Format, renderFamilies } from "./text_format.ts";

/** How a body is wanted. */
export interface Wanted {
  readonly format: Format;
  readonly isCompressed: boolean;
}

/** A body: text, or bytes in parts that several answers may share. */
export type Body = string | readonly Uint8Array<ArrayBuffer>[];

/** The body of a scrape, and whether the sessions could be read for it. */
export interface Scrape {
  readonly body: Body;
  readonly hasSessions: boolean;
}

/** From so many characters on text is a large one: it is kept as bytes and sent in parts. */
export const LARGE = 64 * 1024;

/** What is rendered of one observation, and of what else it is made. */
interface Rendered {
  readonly observation: Observation;
  readonly own: readonly Family[];
  readonly shown: Shown | null;
  readonly sessions: KeptText;
  /** What the exporter says of itself and of its last look. */
  readonly look: string;
  /** The beginning of the exposition, which is another at each scrape. */
  readonly start: string;
  /** The rest, which stays the same for a while. */
  readonly rest: KeptText;
}

const ENCODER = new TextEncoder();

/**
 * Answers scrapes. Scrapes of the same observation share their text. What an observation has in common with
 * the one before is rendered, encoded and compressed once: all but the numbers of the process where the
 * whole is small, otherwise the sessions.
 */
export class Scraper {
  readonly #observer: Pick<Observer, "observe">;
  readonly #telemetry: Telemetry;
  readonly #shape: Shape;
  readonly #rendered = new Map<Format, Rendered>();

  constructor(
    { observer, telemetry, shape }: {
      readonly observer: Pick<Observer, "observe">;
      readonly telemetry: Telemetry;
      readonly shape: Shape;
    },
  ) {
    this.#observer = observer;
    this.#telemetry = telemetry;
    this.#shape = shape;
  }

  /** Looks at the sessions and gives the whole exposition. */
  async scrape({ format, isCompressed }: Wanted): Promise<Scrape> {
    const observation = await this.#observer.observe();
    const { start, rest } = this.#render(observation, format);
    const hasSessions = observation.ok;
    if (isCompressed) return { body: await compressed(start, rest), hasSessions };
    const isLarge = rest.length >= LARGE;
    return {
      body: isLarge ? [ENCODER.encode(start), rest.bytes()] : start + rest.text(),
      hasSessions,
    };
  }

  #render(observation: Observation, format: Format): Rendered {
    const last = this.#rendered.get(format);
    const own = this.#telemetry.families();
    if (last?.observation === observation && last.own === own) return last;
    const shown = observation.ok ? observation.shown : null;
    const sessions = last?.shown === shown ? last.sessions : this.#sessions(shown, format);
    const look = renderFamilies([...own, ...lookFamilies(observation, this.#shape)], format);
    const process = renderFamilies(this.#telemetry.processFamilies(), format);
    const isLarge = look.length + sessions.length >= LARGE;
    const isAsBefore = last?.sessions === sessions && last.look === look;
    const rendered = {
      observation,
      own,
      shown,
      sessions,
      look,
      start: isLarge ? process + look : process,
      rest: isLarge ? sessions : isAsBefore ? last.rest : new KeptText(look + sessions.text()),
    };
    this.#rendered.set(format, rendered);
    return rendered;
  }

  /** What the sessions give, up to the end of the exposition; nothing where they cannot be read. */
  #sessions(shown: Shown | null, format: Format): KeptText {
    const families = shown === null ? [] : sessionFamilies(shown, this.#shape);
    return new KeptText(renderFamilies(families, format) + ENDINGS[format]);
  }
}

async function compressed(start: string, rest: KeptText): Promise<Body> {
  const bytes = ENCODER.encode(start);
  if (bytes.length < LARGE) return gzipWith(bytes, await rest.gzipEnd());
  // Idle times of many terminals: stored as they are they would be larger than all the rest.
  return gzipWith(new Uint8Array(), await new KeptText(start + rest.text()).gzipEnd());
}
