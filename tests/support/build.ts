import { assert } from "./assert.ts";
import { command } from "./program.ts";

/** How long a build may take, in milliseconds. */
const PATIENCE = 600_000;

/**
 * Runs a slow command that must succeed; gives its stdout. An executable for armv7 gets the Node of npm, which is
 * for tests only.
 */
export async function build(
  words: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<string> {
  const signal = AbortSignal.timeout(PATIENCE);
  const named = { NODE_ARMV7: Deno.env.get("NODE_ARMV7") || "npm", ...env };
  const { success, stdout, stderr } = await command(words, { env: named, signal }).output();
  const [out, log] = [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes));
  assert(success, `${words.join(" ")}: ${out}${log}`);
  return out ?? "";
}
