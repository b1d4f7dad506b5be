import type { Clock } from "./clock.ts";
import { lookFamilies, sessionFamilies, type Shape } from "./exposition.ts";
import { endGzip, type GzipStart, startGzip } from "./gzip.ts";
import type { Observer } from "./observer.ts";
import type { Shown } from "./snapshot.ts";
import type { Telemetry } from "./telemetry.ts";
import {
  encodedParts,
  ENDINGS,
  type Format,
  renderedChunks,
  renderFamilies,
} from "./text_format.ts";
import { eachInTurn } from "./turns.ts";

/** How a body is wanted. */
export interface Wanted {
  readonly format: Format;
  readonly isCompressed: boolean;
}

/** The body of a scrape in parts, and whether the sessions could be read for it. */
export interface Scrape {
  readonly body: readonly Uint8Array[];
  readonly hasSessions: boolean;
}

const ENCODER = new TextEncoder();

/**
 * Answers scrapes. What the sessions give is rendered, encoded and compressed once for each format, until
 * they change; what is another with each scrape is small and follows it.
 */
export class Scraper {
  readonly #observer: Pick<Observer, "observe">;
  readonly #telemetry: Telemetry;
  readonly #shape: Shape;
  readonly #clock: Clock;
  #shown: Shown | null = null;
  #plainParts = new Map<Format, Promise<readonly Uint8Array[]>>();
  #compressedParts = new Map<Format, Promise<GzipStart>>();

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
  async scrape(wanted: Wanted): Promise<Scrape> {
    const observation = await this.#observer.observe();
    const lately = [
      ...lookFamilies(observation, this.#shape),
      ...await this.#telemetry.families(),
    ];
    const { format } = wanted;
    const rest = ENCODER.encode(renderFamilies(lately, format) + ENDINGS[format]);
    this.#keepOnly(observation.shown);
    const body = wanted.isCompressed
      ? await this.#compressed(format, rest)
      : [...await this.#plain(format), rest];
    return { body, hasSessions: observation.shown !== null };
  }

  /** Forgets what other sessions gave. */
  #keepOnly(shown: Shown | null): void {
    if (this.#shown === shown) return;
    this.#shown = shown;
    this.#plainParts = new Map();
    this.#compressedParts = new Map();
  }

  async #plain(format: Format): Promise<readonly Uint8Array[]> {
    const parts = this.#plainParts.get(format) ?? collected(this.#rendered(format));
    this.#plainParts.set(format, parts);
    return await parts;
  }

  async #compressed(format: Format, rest: Uint8Array): Promise<readonly Uint8Array[]> {
    const part = this.#compressedParts.get(format) ?? startGzip(this.#rendered(format));
    this.#compressedParts.set(format, part);
    const start = await part;
    return [start.bytes, await endGzip(start, rest)];
  }

  /** What the sessions give, in chunks between which other work has its turn; nothing where they cannot be read. */
  async *#rendered(format: Format): AsyncGenerator<Uint8Array> {
    const families = this.#shown === null ? [] : sessionFamilies(this.#shown, this.#shape);
    const parts = encodedParts(renderedChunks(families, format));
    for await (const part of eachInTurn(parts, this.#clock)) {
      if (part !== undefined) yield part;
    }
  }
}

async function collected(chunks: AsyncIterable<Uint8Array>): Promise<readonly Uint8Array[]> {
  const parts: Uint8Array[] = [];
  for await (const chunk of chunks) parts.push(chunk);
  return parts;
}
