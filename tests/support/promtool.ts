import { assertEquals } from "./assert.ts";
import { run } from "./program.ts";

/** The findings of promtool in every scrape: names that must stay. */
export const TOLERATED: readonly string[] = [
  'unix_user_session_count non-histogram and non-summary metrics should not have "_count" suffix',
  'unix_users_logged_in_total non-counter metrics should not have "_total" suffix',
];

/** The exit code of promtool for a valid scrape with findings. */
const LINTED = 3;

/** The findings of `promtool check metrics`, sorted. Fails if the scrape is invalid. */
export async function lint(scrape: string): Promise<readonly string[]> {
  const { code, stdout, stderr } = await run(["promtool", "check", "metrics"], { input: scrape });
  const findings = `${stdout}${stderr}`.trim();
  assertEquals(code, findings === "" ? 0 : LINTED, findings);
  return findings === "" ? [] : findings.split("\n").sort();
}
