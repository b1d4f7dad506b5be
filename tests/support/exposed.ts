import { lookFamilies, sessionFamilies, type Shape } from "../../lib/metrics/exposition.ts";
import type { Observation } from "../../lib/sessions/snapshot.ts";
import { type Format, renderFamilies } from "../../lib/metrics/text_format.ts";

/** Nothing dropped, and more series than any test has sessions. */
export const WHOLE: Shape = { dropped: new Set(), maxSeries: 10_000 };

/** An observation as the lines of an exposition, without what the exporter says of itself. */
export function exposed(
  observation: Observation,
  shape: Shape = WHOLE,
  format: Format = "text",
): string {
  const { shown } = observation;
  const sessions = shown === null ? [] : sessionFamilies(shown, shape);
  return renderFamilies([...sessions, ...lookFamilies(observation, shape)], format);
}
