import fc from "fast-check";
import { parseWebConfig } from "../../lib/web_config/parse.ts";
import { assert } from "../support/assert.ts";

Deno.test("no text makes the parser throw or return more than one line", () => {
  const words = ["tls_server_config", "basic_auth_users", "rate_limit", ": ", "\n", " ", "{", "}"];
  const part = fc.oneof(fc.constantFrom(...words, "[", "]", "&a", "*a", "!!", "-"), fc.string());
  const check = (text: string): void => {
    const outcome = parseWebConfig(text);
    assert(outcome.ok || !outcome.error.includes("\n"));
  };
  fc.assert(fc.property(fc.array(part), (parts) => check(parts.join(""))));
  const nested = parseWebConfig("[".repeat(100_000));
  assert(!nested.ok && /^invalid YAML: [^\n]*$/.test(nested.error));
});

Deno.test("error messages do not contain the hash of a user", () => {
  const hash = `$2y$10$${"a".repeat(53)}`;
  for (const wrong of ["}", ": [", "a: b", "\n\t- a", "basic_auth_users: {}", "*a", "'"]) {
    const outcome = parseWebConfig(`basic_auth_users:\n  alice: ${hash}\n${wrong}`);
    assert(!outcome.ok && !outcome.error.includes(hash.slice(8)), wrong);
  }
});
