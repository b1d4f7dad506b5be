import fc from "fast-check";
import { parseWebConfig, type WebConfig } from "../../lib/web_config/parse.ts";
import { assert, assertEquals, fail } from "../support/assert.ts";

/** A text in the format of bcrypt. */
const HASH = `$2y$10$${"a".repeat(53)}`;

const NOTHING: WebConfig = { tls: null, headers: {}, users: new Map(), rateLimit: null, notes: [] };

function parsed(text: string): WebConfig {
  const outcome = parseWebConfig(text);
  return outcome.ok ? outcome.value : fail(outcome.error);
}

for (
  const [yaml, user] of [
    ["alice", "alice"],
    ["42", "42"],
    ["true", "true"],
    ["1.50", "1.50"],
    ['""', ""],
    ["~", ""],
    ["__proto__", "__proto__"],
  ] as const
) {
  Deno.test(`user ${yaml}: ${JSON.stringify(user)}`, () => {
    const users = new Map([[user, HASH]]);
    assertEquals(parsed(`basic_auth_users: {${yaml}: ${HASH}}`), { ...NOTHING, users });
  });
}

for (const cost of ["04", "16"]) {
  Deno.test(`bcrypt cost ${cost} has no note`, () => {
    const users = new Map([["a", HASH.replace("10", cost)]]);
    assertEquals(parsed(`basic_auth_users: {a: ${users.get("a")}}`), { ...NOTHING, users });
  });
}

for (
  const [yaml, interval, burst] of [
    ["interval: 1s, burst: 20", 1_000, 20],
    ["interval: 1m30s, burst: 1", 90_000, 1],
    ["interval: 1s, burst: 1.5", 1_000, 1],
    ["interval: 1s, burst: 0x10", 1_000, 16],
    ["interval: 1s, burst: 010", 1_000, 8],
    ["<<: {burst: 2}, interval: 1s", 1_000, 2],
  ] as const
) {
  Deno.test(`rate limit ${yaml}: ${burst} and one each ${interval} ms`, () => {
    assertEquals(parsed(`rate_limit: {${yaml}}`), { ...NOTHING, rateLimit: { interval, burst } });
  });
}

Deno.test("a number without a unit is an interval in nanoseconds", () => {
  const { rateLimit } = parsed("rate_limit: {interval: 1500000000, burst: 1}");
  assertEquals(rateLimit, { interval: 1_500, burst: 1 });
});

for (
  const [yaml, headers] of [
    ["X-XSS-Protection: 1", { "x-xss-protection": "1" }],
    [
      "X-Frame-Options: deny, X-Content-Type-Options: nosniff",
      { "x-frame-options": "deny", "x-content-type-options": "nosniff" },
    ],
    [
      "Strict-Transport-Security: max-age=1, X-XSS-Protection: 0",
      { "strict-transport-security": "max-age=1", "x-xss-protection": "0" },
    ],
    [
      "Content-Security-Policy: \"default-src 'none'\"",
      { "content-security-policy": "default-src 'none'" },
    ],
  ] as const
) {
  Deno.test(`headers ${yaml}`, () => {
    assertEquals(parsed(`http_server_config: {headers: {${yaml}}}`), { ...NOTHING, headers });
  });
}

/** The notes as `level setting: effect`. */
const NOTES = {
  "http_server_config: {http2: yes}":
    "info http_server_config.http2: none; this exporter has no HTTP/2, clients use HTTP/1.1",
  "tls_server_config: {min_version: TLS12}":
    "warn tls_server_config: none; without cert_file and key_file the exporter serves plain HTTP",
  [`basic_auth_users: {"a:b": ${HASH}}`]:
    "warn basic_auth_users.a:b: none; a user name with a colon cannot log in",
  [`basic_auth_users: {a: ${HASH.replace("10", "17")}}`]:
    "warn basic_auth_users.a: bcrypt cost 17 makes the first login take many seconds",
  "rate_limit: {interval: 1000000000, burst: 1}":
    "warn rate_limit.interval: nanoseconds; add a unit, for example 1s",
  "rate_limit: {interval: 1s}": "warn rate_limit.burst: every request gets 429",
  "rate_limit: {interval: 1s, burst: -1}": "warn rate_limit.burst: every request gets 429",
};

for (const [text, expected] of Object.entries(NOTES)) {
  Deno.test(`noted: ${text}`, () => {
    const notes = parsed(text).notes.map(({ level, setting, effect }) =>
      `${level} ${setting}: ${effect}`
    );
    assertEquals(notes, [expected]);
  });
}

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
  const secret = HASH.slice(8);
  for (const wrong of ["}", ": [", "a: b", "\n\t- a", "basic_auth_users: {}", "*a", "'"]) {
    const outcome = parseWebConfig(`basic_auth_users:\n  alice: ${HASH}\n${wrong}`);
    assert(!outcome.ok && !outcome.error.includes(secret), wrong);
  }
});
