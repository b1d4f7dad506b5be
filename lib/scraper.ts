import { gzip } from "node:zlib";
import { promisify } from "node:util";
import { lookFamilies, sessionFamilies, type Shape } from "./exposition.ts";
import type { Family } from "./family.ts";
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

const compress = promisify(gzip);
const ENCODER = new TextEncoder();

/**
 * Answers scrapes. What the sessions give is rendered, encoded and compressed once for each format, until
 * they change; what is another with each scrape is small and follows it, compressed as a member of its own
 * (RFC 1952, section 2.2).
 */
export class Scraper {
  readonly #observer: Pick<Observer, "observe">;
  readonly #telemetry: Telemetry;
  readonly #shape: Shape;
  #shown: Shown | null = null;
  #parts = new Map<string, Promise<Uint8Array>>();

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
    const parts = [encoded(renderFamilies(lately, wanted.format) + ENDINGS[wanted.format], wanted)];
    if (observation.ok) parts.unshift(this.#sessions(observation.shown, wanted));
    return { body: await Promise.all(parts), hasSessions: observation.ok };
  }

  /** What the sessions give, from the last time when they are the same. */
  #sessions(shown: Shown, wanted: Wanted): Promise<Uint8Array> {
    if (this.#shown !== shown) {
      this.#shown = shown;
      this.#parts = new Map();
    }
    const key = `${wanted.format} ${wanted.isCompressed}`;
    const known = this.#parts.get(key);
    if (known !== undefined) return known;
    const families: readonly Family[] = sessionFamilies(shown, this.#shape);
    const part = encoded(renderFamilies(families, wanted.format), wanted);
    this.#parts.set(key, part);
    return part;
  }
}

async function encoded(text: string, { isCompressed }: Wanted): Promise<Uint8Array> {
  const bytes = ENCODER.encode(text);
  return isCompressed ? await compress(bytes) : bytes;
}
