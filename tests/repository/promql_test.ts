import { assertEquals, assertThrows } from "../support/assert.ts";
import { groupingLabelsOf, selectorsOf } from "../support/promql.ts";

Deno.test("selectors: names, matchers, ranges and functions", () => {
  assertEquals(
    selectorsOf('sum by (a) (rate(x_total{job=~"$job"}[$__rate_interval])) + y / on (b) z'),
    [
      {
        metric: "x_total",
        matchers: ['job=~"$job"'],
        labels: ["job"],
        range: "$__rate_interval",
        func: "rate",
      },
      { metric: "y", matchers: [], labels: [], range: null, func: null },
      { metric: "z", matchers: [], labels: [], range: null, func: null },
    ],
  );
  assertEquals(groupingLabelsOf("sum by (a, c) (x) * on (b) y"), ["a", "c", "b"]);
});

for (const expr of ["sum(", "rate(x[5m)", "x{a=b}", "sum by a (x)", ""]) {
  Deno.test(`not PromQL: ${expr}`, () => {
    assertThrows(() => selectorsOf(expr), SyntaxError);
  });
}
