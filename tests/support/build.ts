import { assert } from "./assert.ts";
import { command } from "./program.ts";

/** How long something may take to build, in milliseconds. */
const PATIENCE = 600_000;

/**
 * Runs a command that takes its time and must succeed; gives its stdout. Where it makes the executable for armv7,
 * that is of the Node that npm has, which is for tests.
 */
export async function build(
  words: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<string> {
  const signal = AbortSignal.timeout(PATIENCE);
  const named = { NODE_ARMV7: Deno.env.get("NODE_ARMV7") || "npm", ...env };
  const { success, stdout, stderr } = await command(words, { env: named, signal }).output();
  const [out, log] = [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes));
  assert(success, `${words.join(" ")}: ${log}`);
  return out ?? "";
}
