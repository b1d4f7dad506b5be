import { dirname } from "node:path";
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

/** Copies the commit and its changes to a new folder; gives the variables to build there with this Deno. */
export async function copyRepository(folder: string): Promise<Readonly<Record<string, string>>> {
  const script = 'mkdir "$1" && cp -r .git "$1" && git ls-files -z | xargs -0 cp --parents -t "$1"';
  await build(["bash", "-c", script, "copy", folder]);
  return { PATH: `${dirname(Deno.execPath())}:${Deno.env.get("PATH")}` };
}
