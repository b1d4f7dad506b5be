import type { Build } from "../build_info.ts";
import type { Config } from "../cli/config.ts";
import type { HistoryDeps } from "../history/create_history.ts";
import type { History } from "../history/history.ts";
import { ExporterMetrics, type ExporterMetricsOptions } from "../metrics/exporter_metrics.ts";
import { HISTORY_SOURCE_NAMES } from "../sessions/snapshot.ts";
import type { Collector } from "./collector.ts";
import { type CollectorDeps, createCollector } from "./create_collector.ts";
import { Scraper } from "./scraper.ts";

/** What scraping needs from the process. */
export interface ScrapingDeps extends HistoryDeps {
  readonly files: CollectorDeps["files"] & HistoryDeps["files"];
  readonly build: Build;
  readonly optional?: ExporterMetricsOptions;
}

/** The collector of the sessions, and the scraper that responds with them. */
export interface Scraping {
  readonly collector: Collector;
  readonly scraper: Scraper;
}

/** Creates everything that a scrape needs. */
export async function startScraping(
  config: Config,
  { build, optional, ...deps }: ScrapingDeps,
): Promise<Scraping> {
  const historySources = HISTORY_SOURCE_NAMES.filter((name) => config.history[name] !== "");
  const exporterMetrics = new ExporterMetrics(build, { ...optional, historySources });
  const history = historySources.length === 0 ? null : await openHistory(config, deps);
  const collector = createCollector(config, {
    ...deps,
    history,
    onFailure: (failure) => exporterMetrics.countReadFailure(failure),
  });
  const exposition = { dropped: config.droppedLabels, maxSeries: config.maxSeries };
  return {
    collector,
    scraper: new Scraper({
      collector,
      exporterMetrics,
      exposition,
      historyFamilies: history?.families ?? null,
      clock: deps.clock,
    }),
  };
}

/** The sources of past logins. Nothing of them is loaded without a flag. */
async function openHistory(config: Config, deps: HistoryDeps): Promise<History> {
  const { createHistory } = await import("../history/create_history.ts");
  return createHistory(config, deps);
}
