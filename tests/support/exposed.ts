import {
  type ExpositionOptions,
  scrapeFamilies,
  sessionFamilies,
} from "../../lib/metrics/exposition.ts";
import type { CollectResult } from "../../lib/sessions/collect_result.ts";
import { type Format, renderFamilies } from "../../lib/metrics/text_format.ts";

/** No dropped labels, and more series than any test has sessions. */
export const WHOLE: ExpositionOptions = { dropped: new Set(), maxSeries: 10_000 };

/** The exposition of a collection, without the metrics of the exporter. */
export function exposed(
  collected: CollectResult,
  exposition: ExpositionOptions = WHOLE,
  format: Format = "text",
): string {
  const { visible } = collected;
  const sessions = visible === null ? [] : sessionFamilies(visible, exposition);
  return renderFamilies([...sessions, ...scrapeFamilies(collected, exposition)], format);
}
