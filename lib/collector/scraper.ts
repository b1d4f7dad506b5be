import type { Clock } from "../clock.ts";
import { type ExpositionOptions, scrapeFamilies, sessionFamilies } from "../metrics/exposition.ts";
import type { MetricFamily } from "../metrics/metric_family.ts";
import { type Body, KeptChunks, type KeptEnd, KeptText } from "../metrics/kept_text.ts";
import type { Collector } from "./collector.ts";
import type { CollectResult } from "../sessions/collect_result.ts";
import type { VisibleSessions } from "../sessions/snapshot.ts";
import type { ExporterMetrics } from "../metrics/exporter_metrics.ts";
import {
  encodedParts,
  ENDINGS,
  type Format,
  renderedChunks,
  renderFamilies,
} from "../metrics/text_format.ts";
import { iterateSliced } from "../time_slices.ts";

/** The format and encoding of an exposition. */
export interface ExpositionRequest {
  readonly format: Format;
  readonly isCompressed: boolean;
}

/** The body of a scrape, and whether the sessions could be read. */
export interface Scrape {
  readonly body: Body;
  readonly hasSessions: boolean;
}

/**
 * With more sessions, an exposition is rendered in time slices, and only the part with the sessions is kept.
 */
export const MANY_SESSIONS = 100;

/** The families of past logins. */
type HistoryFamilies = typeof import("../history/history_families.ts").historyFamilies;

/** The last rendered exposition and its input. */
interface Rendered {
  readonly collected: CollectResult;
  readonly own: readonly MetricFamily[];
  readonly process: readonly MetricFamily[];
  /** The text of the exporter metrics and the scrape metrics. */
  readonly result: string;
  /** The text of the session metrics, up to the end of the exposition. */
  readonly sessions: KeptText | KeptChunks;
  /** The beginning of the exposition, which changes more often than the rest. */
  readonly start: string;
  /** The rest, which stays the same for a while. */
  readonly rest: KeptEnd;
}

/**
 * Creates the responses for scrapes. Renders only what has changed since the last scrape. The unchanged part
 * is encoded and compressed once: with few sessions, everything except the metrics of the process, otherwise
 * the sessions.
 */
export class Scraper {
  readonly #collector: Pick<Collector, "collect">;
  readonly #exporterMetrics: ExporterMetrics;
  readonly #exposition: ExpositionOptions;
  readonly #historyFamilies: HistoryFamilies | null;
  readonly #clock: Clock;
  readonly #rendered = new Map<Format, Rendered>();

  constructor(
    { collector, exporterMetrics, exposition, historyFamilies = null, clock }: {
      readonly collector: Pick<Collector, "collect">;
      readonly exporterMetrics: ExporterMetrics;
      readonly exposition: ExpositionOptions;
      /** None if no source of past logins is configured; its module is loaded only then. */
      readonly historyFamilies?: HistoryFamilies | null;
      readonly clock: Clock;
    },
  ) {
    this.#collector = collector;
    this.#exporterMetrics = exporterMetrics;
    this.#exposition = exposition;
    this.#historyFamilies = historyFamilies;
    this.#clock = clock;
  }

  /** Collects the sessions and returns the whole exposition. */
  async scrape({ format, isCompressed }: ExpositionRequest): Promise<Scrape> {
    const collected = await this.#collector.collect();
    const { start, rest } = this.#render(collected, format);
    const body = isCompressed ? await rest.compressed(start) : await rest.plain(start);
    return { body, hasSessions: collected.visible !== null };
  }

  #render(collected: CollectResult, format: Format): Rendered {
    const last = this.#rendered.get(format);
    const own = this.#exporterMetrics.families();
    const process = this.#exporterMetrics.processFamilies();
    const isSame = last?.own === own && isSameResult(last.collected, collected);
    if (isSame && last.process === process) return last;
    const { visible } = collected;
    const sessions = last?.collected.visible === visible
      ? last.sessions
      : this.#sessions(visible, format);
    const result = isSame
      ? last.result
      : renderFamilies([...own, ...this.#scrapeFamilies(collected)], format);
    const isMany = sessions instanceof KeptChunks;
    const isAsBefore = last?.sessions === sessions && last.result === result;
    const rest = isMany ? sessions : isAsBefore ? last.rest : new KeptText(result + sessions.text);
    const start = renderFamilies(process, format) + (isMany ? result : "");
    const rendered = { collected, own, process, result, sessions, start, rest };
    this.#rendered.set(format, rendered);
    return rendered;
  }

  #scrapeFamilies(collected: CollectResult): readonly MetricFamily[] {
    const exposition = this.#exposition;
    const state = scrapeFamilies(collected, exposition);
    const { history, visible } = collected;
    if (history === null || this.#historyFamilies === null) return state;
    const past = this.#historyFamilies(history, { sessions: visible?.sessions ?? [], exposition });
    return [...past, ...state];
  }

  #sessions(visible: VisibleSessions | null, format: Format): KeptText | KeptChunks {
    if (visible !== null && visible.snapshot.sessions.length > MANY_SESSIONS) {
      return new KeptChunks(() => this.#chunks(visible, format));
    }
    const families = visible === null ? [] : sessionFamilies(visible, this.#exposition);
    return new KeptText(renderFamilies(families, format) + ENDINGS[format]);
  }

  /** Encoded chunks, between which other work can run. */
  async *#chunks(
    visible: VisibleSessions,
    format: Format,
  ): AsyncGenerator<Uint8Array<ArrayBuffer>> {
    const parts = encodedParts(chunksOf(sessionFamilies(visible, this.#exposition), format));
    for await (const part of iterateSliced(parts, this.#clock)) {
      if (part !== undefined) yield part;
    }
  }
}

function* chunksOf(families: readonly MetricFamily[], format: Format): Generator<string, void> {
  yield* renderedChunks(families, format);
  yield ENDINGS[format];
}

/** Whether two results have the same exposition. */
function isSameResult(a: CollectResult, b: CollectResult): boolean {
  if (a === b) return true;
  return a.visible === b.visible && a.history === b.history && a.idle.size === 0 &&
    b.idle.size === 0 &&
    a.results.length === b.results.length &&
    a.results.every((result, i) => result === b.results[i]);
}
