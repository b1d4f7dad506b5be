import { assertEquals } from "./assert.ts";
import { command } from "./program.ts";

/** What promtool finds in every scrape: the names that the contract keeps. */
export const TOLERATED: readonly string[] = [
  'unix_user_session_count non-histogram and non-summary metrics should not have "_count" suffix',
  'unix_users_logged_in_total non-counter metrics should not have "_total" suffix',
];

/** The exit code of promtool for a scrape that it can read but finds fault with. */
const LINTED = 3;

/** What `promtool check metrics` says about a scrape, sorted; a scrape that it cannot read fails. */
export async function lint(scrape: string): Promise<readonly string[]> {
  await using child = command(["promtool", "check", "metrics"], { stdin: "piped" }).spawn();
  const [{ code, stdout, stderr }] = await Promise.all([
    child.output(),
    new Blob([scrape]).stream().pipeTo(child.stdin),
  ]);
  const decoder = new TextDecoder();
  const findings = `${decoder.decode(stdout)}${decoder.decode(stderr)}`.trim();
  assertEquals(code, findings === "" ? 0 : LINTED, findings);
  return findings === "" ? [] : findings.split("\n").sort();
}
