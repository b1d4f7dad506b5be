import { assertEquals } from "./assert.ts";
import { command } from "./program.ts";
import { tempDir } from "./temp_dir.ts";
import { PATIENCE } from "./wait.ts";

/** Weeks of rules take promtool some seconds, and more where other tests run beside it. */
const PATIENCE_FOR_WEEKS = 5 * PATIENCE;

/** Plays a test file through `promtool test rules`, as an object: JSON is YAML. */
export async function promtoolTest(test: unknown): Promise<void> {
  await using dir = await tempDir();
  const path = dir.join("test.yaml");
  await Deno.writeTextFile(path, JSON.stringify(test));
  const signal = AbortSignal.timeout(PATIENCE_FOR_WEEKS);
  const words = ["promtool", "test", "rules", path];
  const { code, stdout, stderr } = await command(words, { signal }).output();
  const [out, log] = [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes));
  assertEquals(code, 0, `${out}${log}`);
}

/** Series by name, with their values in promtool's notation, as its test files want them. */
export function inputSeries(series: Readonly<Record<string, string>>): readonly unknown[] {
  return Object.entries(series).map(([name, values]) => ({ series: name, values }));
}
