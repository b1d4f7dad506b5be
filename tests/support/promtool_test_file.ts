import { assertEquals } from "./assert.ts";
import { command } from "./program.ts";
import { tempDir } from "./temp_dir.ts";
import { PATIENCE } from "./wait.ts";

/** Weeks of rules take promtool half a minute, and more while other tests run. */
const PATIENCE_FOR_WEEKS = 10 * PATIENCE;

/** Runs a test file with `promtool test rules`. */
export async function promtoolTest(path: string): Promise<void> {
  const signal = AbortSignal.timeout(PATIENCE_FOR_WEEKS);
  const { code, stdout, stderr } = await command(["promtool", "test", "rules", path], { signal })
    .output();
  const [out, log] = [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes));
  assertEquals(code, 0, `${out}${log}`);
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
      promql_expr_test: tests.map(({ expr, at, samples }) => ({
        expr,
        eval_time: at,
        exp_samples: samples,
      })),
    }],
  };
  // JSON is YAML.
  await Deno.writeTextFile(path, JSON.stringify(file));
  await promtoolTest(path);
}
