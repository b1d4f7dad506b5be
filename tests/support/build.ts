import { assert } from "./assert.ts";
import { command } from "./program.ts";

/** How long a build may take, in milliseconds. */
const PATIENCE = 300_000;

/** Runs a slow command that must succeed; gives its stdout. */
export async function build(
  words: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<string> {
  const signal = AbortSignal.timeout(PATIENCE);
  const { success, stdout, stderr } = await command(words, { env, signal }).output();
  const [out, log] = [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes));
  assert(success, `${words.join(" ")}: ${out}${log}`);
  return out ?? "";
}
