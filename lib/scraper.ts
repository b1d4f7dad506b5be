import { lookFamilies, sessionFamilies, type Shape } from "./exposition.ts";
import { endGzip, type GzipStart, startGzip } from "./gzip.ts";
import type { Observer } from "./observer.ts";
import type { Shown } from "./snapshot.ts";
import type { Telemetry } from "./telemetry.ts";
import { ENDINGS, type Format, renderFamilies } from "./text_format.ts";

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
  #shown: Shown | null = null;
  #plainParts = new Map<Format, Uint8Array>();
  #compressedParts = new Map<Format, Promise<GzipStart>>();

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
      : [this.#plain(format), rest];
    return { body, hasSessions: observation.shown !== null };
  }

  /** Forgets what other sessions gave. */
  #keepOnly(shown: Shown | null): void {
    if (this.#shown === shown) return;
    this.#shown = shown;
    this.#plainParts = new Map();
    this.#compressedParts = new Map();
  }

  #plain(format: Format): Uint8Array {
    const part = this.#plainParts.get(format) ?? this.#rendered(format);
    this.#plainParts.set(format, part);
    return part;
  }

  async #compressed(format: Format, rest: Uint8Array): Promise<readonly Uint8Array[]> {
    const part = this.#compressedParts.get(format) ?? startGzip(this.#rendered(format));
    this.#compressedParts.set(format, part);
    const start = await part;
    return [start.bytes, await endGzip(start, rest)];
  }

  /** What the sessions give; nothing where they cannot be read. */
  #rendered(format: Format): Uint8Array {
    const families = this.#shown === null ? [] : sessionFamilies(this.#shown, this.#shape);
    return ENCODER.encode(renderFamilies(families, format));
  }
}
