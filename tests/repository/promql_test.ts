import { assertEquals, assertThrows } from "../support/assert.ts";
import { groupingLabelsOf, selectorsOf } from "../support/promql.ts";

Deno.test("selectors: names, matchers, ranges and functions", () => {
  const expr = 'sum by (a) (rate(x_total{job=~"$job"}[$__rate_interval])) + y / on (b) z';
  const instant = { matchers: [], labels: [], range: null, func: null };
  const range = { range: "$__rate_interval", func: "rate" };
  assertEquals(selectorsOf(expr), [
    { metric: "x_total", matchers: ['job=~"$job"'], labels: ["job"], ...range },
    { metric: "y", ...instant },
    { metric: "z", ...instant },
  ]);
  assertEquals(groupingLabelsOf("sum by (a, c) (x) * on (b) y"), ["a", "c", "b"]);
});

Deno.test("a text that is not PromQL is an error", () => {
  for (const text of ["sum(", "rate(x[5m)", "x{a=b}", "sum by a (x)", ""]) {
    assertThrows(() => selectorsOf(text), SyntaxError);
  }
});
