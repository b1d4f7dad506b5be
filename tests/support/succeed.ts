import { assertEquals } from "./assert.ts";
import { run } from "./program.ts";

/** Runs a command that must succeed; gives its stdout. */
export async function succeed(...words: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await run(words, { env: { LC_ALL: "C.UTF-8" } });
  assertEquals(code, 0, `${words.join(" ")}: ${stderr}`);
  return stdout;
}
