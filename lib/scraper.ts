import { lookFamilies, sessionFamilies, type Shape } from "./exposition.ts";
import type { Family } from "./family.ts";
import { gzipWith } from "./gzip.ts";
import { KeptText } from "./kept_text.ts";
import type { Observer } from "./observer.ts";
import type { Observation, Shown } from "./snapshot.ts";
import type { Telemetry } from "./telemetry.ts";
import { ENDINGS, type Format, renderFamilies, renderInChunks } from "./text_format.ts";

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

/** From so many bytes on a body is large: it is sent in parts. */
export const LARGE = 64 * 1024;

/** What was rendered last, and what of. */
interface Rendered {
  readonly observation: Observation;
  readonly own: readonly Family[];
  readonly process: readonly Family[];
  readonly shown: Shown | null;
  readonly sessions: KeptText;
  /** What the exporter says of itself and of its last look. */
  readonly look: string;
  /** The beginning of the exposition, which changes more often than the rest. */
  readonly start: string;
  /** The rest, which stays the same for a while. */
  readonly rest: KeptText;
  /** All of it where that is small, otherwise null. */
  readonly whole: string | null;
}

const ENCODER = new TextEncoder();

/**
 * Answers scrapes. Nothing is rendered again that has not changed since the last scrape, and what stays the
 * same for long is encoded and compressed once: all but the numbers of the process where the whole is small,
 * otherwise the sessions.
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
    const { start, rest, whole } = this.#render(observation, format);
    const hasSessions = observation.ok;
    if (isCompressed) return { body: await compressed(start, rest), hasSessions };
    return { body: whole ?? [ENCODER.encode(start), rest.bytes], hasSessions };
  }

  #render(observation: Observation, format: Format): Rendered {
    const last = this.#rendered.get(format);
    const own = this.#telemetry.families();
    const process = this.#telemetry.processFamilies();
    const isSame = last?.own === own && isSameLook(last.observation, observation);
    if (isSame && last.process === process) return last;
    const shown = observation.ok ? observation.shown : null;
    const sessions = last?.shown === shown ? last.sessions : this.#sessions(shown, format);
    const look = isSame
      ? last.look
      : renderFamilies([...own, ...lookFamilies(observation, this.#shape)], format);
    const isLarge = look.length + sessions.bytes.length >= LARGE;
    const isAsBefore = last?.sessions === sessions && last.look === look;
    const rest = isLarge
      ? sessions
      : isAsBefore
      ? last.rest
      : new KeptText([look, sessions.text()]);
    const start = renderFamilies(process, format) + (isLarge ? look : "");
    const whole = isLarge ? null : start + rest.text();
    const rendered = { observation, own, process, shown, sessions, look, start, rest, whole };
    this.#rendered.set(format, rendered);
    return rendered;
  }

  /** What the sessions give, up to the end of the exposition; nothing where they cannot be read. */
  #sessions(shown: Shown | null, format: Format): KeptText {
    const families = shown === null ? [] : sessionFamilies(shown, this.#shape);
    return new KeptText(chunksOf(families, format));
  }
}

function* chunksOf(families: readonly Family[], format: Format): Generator<string, void> {
  yield* renderInChunks(families, format);
  yield ENDINGS[format];
}

/** Whether nothing can differ between the expositions of two observations. */
function isSameLook(a: Observation, b: Observation): boolean {
  if (a === b) return true;
  return a.ok && b.ok && a.look === b.look && a.shown === b.shown && a.idle.size === 0 &&
    b.idle.size === 0;
}

async function compressed(start: string, rest: KeptText): Promise<Body> {
  const bytes = ENCODER.encode(start);
  if (bytes.length < LARGE) return gzipWith(bytes, await rest.gzipEnd());
  // Idle times of many terminals: stored as they are they would be larger than all the rest.
  return gzipWith(new Uint8Array(), await new KeptText([start, rest.text()]).gzipEnd());
}
