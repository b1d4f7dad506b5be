import { CATALOG } from "../../lib/metrics/catalog.ts";
import { familyOf, familyOfOne } from "../../lib/metrics/metric_family.ts";
import { renderFamilies } from "../../lib/metrics/text_format.ts";
import { assertEquals } from "../support/assert.ts";

const GAUGE = { name: "x_gauge", type: "gauge", labels: ["a", "b"], series: "" } as const;
const HELP = 'A "gauge" with \\ and\na line.';
const COUNTER = { name: "x_total", type: "counter", labels: [], series: "" } as const;
const FAMILIES = [
  familyOf({ ...GAUGE, help: HELP }, [[{ a: '"q"', b: "back\\slash\nline" }, 1.5], [{
    b: "",
    a: "ü",
  }, -0]]),
  familyOfOne({ ...GAUGE, help: HELP, name: "x_absent", labels: [] }, null),
  familyOfOne({ ...COUNTER, help: "A counter." }, 1e21),
];

for (
  const [format, help, counter] of [
    ["text", String.raw`A "gauge" with \\ and\na line.`, "x_total"],
    ["openmetrics", String.raw`A \"gauge\" with \\ and\na line.`, "x"],
  ] as const
) {
  Deno.test(`the exposition in the format ${format}`, () => {
    assertEquals(
      renderFamilies(FAMILIES, format),
      String.raw`# HELP x_gauge ${help}
# TYPE x_gauge gauge
x_gauge{a="\"q\"",b="back\\slash\nline"} 1.5
x_gauge{a="ü",b=""} 0
# HELP ${counter} A counter.
# TYPE ${counter} counter
x_total 1e+21
`,
    );
  });
}

Deno.test("metric names are unique in OpenMetrics, where the family of a counter has no _total", () => {
  const families = CATALOG.map(({ name, type }) =>
    type === "counter" ? name.replace(/_total$/, "") : name
  );
  assertEquals(new Set(families).size, CATALOG.length);
  const counters = CATALOG.filter(({ type }) => type === "counter");
  assertEquals(counters.filter(({ name }) => !name.endsWith("_total")), []);
});
