import { CATALOG } from "../../lib/metrics/catalog.ts";
import { familyOf, familyOfOne } from "../../lib/metrics/metric_family.ts";
import { renderFamilies } from "../../lib/metrics/text_format.ts";
import { assertEquals } from "../support/assert.ts";

const GAUGE = {
  name: "x_gauge",
  help: 'A "gauge" with \\ and\na line.',
  type: "gauge",
  labels: ["a", "b"],
  series: "",
} as const;
const COUNTER = {
  name: "x_total",
  help: "A counter.",
  type: "counter",
  labels: [],
  series: "",
} as const;
const FAMILIES = [
  familyOf(GAUGE, [[{ a: '"q"', b: "back\\slash\nline" }, 1.5], [{ b: "", a: "ü" }, -0]]),
  familyOfOne({ ...GAUGE, name: "x_absent", labels: [] }, null),
  familyOfOne(COUNTER, 1e21),
];

Deno.test("text format 0.0.4", () => {
  assertEquals(
    renderFamilies(FAMILIES, "text"),
    String.raw`# HELP x_gauge A "gauge" with \\ and\na line.
# TYPE x_gauge gauge
x_gauge{a="\"q\"",b="back\\slash\nline"} 1.5
x_gauge{a="ü",b=""} 0
# HELP x_total A counter.
# TYPE x_total counter
x_total 1e+21
`,
  );
});

Deno.test("OpenMetrics 1.0", () => {
  assertEquals(
    renderFamilies(FAMILIES, "openmetrics"),
    String.raw`# HELP x_gauge A \"gauge\" with \\ and\na line.
# TYPE x_gauge gauge
x_gauge{a="\"q\"",b="back\\slash\nline"} 1.5
x_gauge{a="ü",b=""} 0
# HELP x A counter.
# TYPE x counter
x_total 1e+21
`,
  );
});

Deno.test("no two metrics clash in OpenMetrics, where a counter has no _total in its head", () => {
  const heads = CATALOG.map(({ name, type }) =>
    type === "counter" ? name.replace(/_total$/, "") : name
  );
  assertEquals(new Set(heads).size, CATALOG.length);
  assertEquals(
    CATALOG.filter(({ name, type }) => type === "counter" && !name.endsWith("_total")),
    [],
  );
});
