import { userFilter } from "../../lib/sessions/user_filter.ts";
import { assert, assertEquals, assertStringIncludes } from "../support/assert.ts";

const USERS = ["ann", "anna", "bob", "root", "DOMAIN\\eve", "a\\x0ab"];

async function passing(include: string, exclude: string): Promise<readonly string[]> {
  const outcome = await userFilter({ include, exclude });
  assert(outcome.ok);
  return USERS.filter(outcome.value);
}

for (
  const [include, exclude, expected] of [
    ["", "", USERS],
    ["ann", "", ["ann"]],
    ["ann.*", "", ["ann", "anna"]],
    ["ann|bob", "", ["ann", "bob"]],
    ["^ann$", "", ["ann"]],
    ["(?i)ANN", "", ["ann"]],
    ["", "root", ["ann", "anna", "bob", "DOMAIN\\eve", "a\\x0ab"]],
    [".*", ".*a.*", ["bob", "root", "DOMAIN\\eve"]],
    ["DOMAIN\\\\.*", "", ["DOMAIN\\eve"]],
    ["nobody", "", []],
  ] as const
) {
  Deno.test(`users: include ${JSON.stringify(include)}, exclude ${JSON.stringify(exclude)}`, async () => {
    assertEquals(await passing(include, exclude), expected);
  });
}

for (const expression of ["(a", "a{2,1}", "[z-a]", "*", "(?=a)", "(a)\\1", "aaa{1001}"]) {
  Deno.test(`not a regular expression: ${expression}`, async () => {
    const outcome = await userFilter({ include: "", exclude: expression });
    assert(!outcome.ok);
    const error = `must be a regular expression, not ${JSON.stringify(expression)}: `;
    assertStringIncludes(outcome.error, `--users.exclude ${error}`);
  });
}

Deno.test("expressions that are slow in a backtracking engine are fast", async () => {
  const name = `${"a".repeat(255)}!`;
  for (const expression of ["(a+)+", "(a|a)*", "(a|aa)+", "(.*)*", "(a*)*b", "((a?){50}){10}"]) {
    const outcome = await userFilter({ include: expression, exclude: "" });
    assert(outcome.ok);
    assertEquals(outcome.value(name), expression === "(.*)*", expression);
  }
});
