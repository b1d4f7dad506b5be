import { build } from "./build.ts";
import { tempDir } from "./temp_dir.ts";

/** Runs a test file with `promtool test rules`, which takes half a minute for weeks of rules. */
export async function promtoolTest(path: string): Promise<void> {
  await build(["promtool", "test", "rules", path]);
}

/** What an expression must return at a time, in promtool's notation. */
export interface ExpressionTest {
  readonly expr: string;
  readonly at: string;
  readonly samples: readonly { readonly labels: string; readonly value: number }[];
}

/** Tests expressions with series, whose values are one a minute, in promtool's notation. */
export async function promtoolTestExpressions(
  series: Readonly<Record<string, string>>,
  tests: readonly ExpressionTest[],
): Promise<void> {
  await using dir = await tempDir();
  const path = dir.join("test.yaml");
  const file = {
    evaluation_interval: "1m",
    tests: [{
      interval: "1m",
      input_series: Object.entries(series).map(([name, values]) => ({ series: name, values })),
      promql_expr_test: tests.map(({ expr, at: eval_time, samples: exp_samples }) => {
        return { expr, eval_time, exp_samples };
      }),
    }],
  };
  // JSON is YAML.
  await Deno.writeTextFile(path, JSON.stringify(file));
  await promtoolTest(path);
}
