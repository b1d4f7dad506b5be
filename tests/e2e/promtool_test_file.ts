import { assertEquals } from "../assert.ts";
import { run } from "./program.ts";
import { tempDir } from "./temp_dir.ts";

/** Plays a test file through `promtool test rules`, as an object: JSON is YAML. */
export async function promtoolTest(test: unknown): Promise<void> {
  await using dir = await tempDir();
  const path = dir.join("test.yaml");
  await Deno.writeTextFile(path, JSON.stringify(test));
  const { code, stdout, stderr } = await run(["promtool", "test", "rules", path]);
  assertEquals(code, 0, `${stdout}${stderr}`);
}

/** Series by name, with their values in promtool's notation, as its test files want them. */
export function inputSeries(series: Readonly<Record<string, string>>): readonly unknown[] {
  return Object.entries(series).map(([name, values]) => ({ series: name, values }));
}
