import fc from "fast-check";
import { parseWebConfig, type WebConfig } from "../../lib/web_config/web_config.ts";
import { assert, assertEquals, fail } from "../assert.ts";

/** Right in form, of the cost given. */
function hashOf(cost: string): string {
  return `$2y$${cost}$${"a".repeat(53)}`;
}

const HASH = hashOf("10");

const NOTHING: WebConfig = { tls: null, headers: {}, users: new Map(), rateLimit: null };

function parsed(text: string): WebConfig {
  const outcome = parseWebConfig(text);
  return outcome.ok ? outcome.config : fail(outcome.error);
}

for (
  const text of [
    "",
    "\n",
    "# nothing\n",
    "---\n",
    "{}",
    "tls_server_config:\n",
    "tls_server_config: {}",
    "http_server_config: {http2: false}",
    "http_server_config:\n  headers:\n",
    "http_server_config: {headers: {X-Frame-Options: }}",
    "basic_auth_users: {}",
    "rate_limit: {}",
    "rate_limit: {interval: 0, burst: 0}",
    "rate_limit: {burst: 5}",
  ]
) {
  Deno.test(`a configuration without anything: ${JSON.stringify(text)}`, () => {
    assertEquals(parsed(text), NOTHING);
  });
}

for (
  const [text, expected] of [
    [`basic_auth_users: {alice: ${HASH}}`, { users: new Map([["alice", HASH]]) }],
    [`basic_auth_users: {42: ${HASH}}`, { users: new Map([["42", HASH]]) }],
    [`basic_auth_users: {true: ${HASH}}`, { users: new Map([["true", HASH]]) }],
    [`basic_auth_users: {"": ${HASH}}`, { users: new Map([["", HASH]]) }],
    [`basic_auth_users: {__proto__: ${HASH}}`, { users: new Map([["__proto__", HASH]]) }],
    [`basic_auth_users: {a: ${hashOf("04")}}`, { users: new Map([["a", hashOf("04")]]) }],
    [`basic_auth_users: {a: ${hashOf("16")}}`, { users: new Map([["a", hashOf("16")]]) }],
    ["rate_limit: {interval: 1s, burst: 20}", { rateLimit: { interval: 1_000, burst: 20 } }],
    ["rate_limit: {interval: 1m30s, burst: 1}", { rateLimit: { interval: 90_000, burst: 1 } }],
    [
      "http_server_config: {headers: {X-Frame-Options: deny, X-Content-Type-Options: nosniff}}",
      { headers: { "x-frame-options": "deny", "x-content-type-options": "nosniff" } },
    ],
    [
      "http_server_config: {headers: {Strict-Transport-Security: max-age=1, X-XSS-Protection: 0}}",
      { headers: { "strict-transport-security": "max-age=1", "x-xss-protection": "0" } },
    ],
    [
      "http_server_config: {headers: {Content-Security-Policy: \"default-src 'none'\"}}",
      { headers: { "content-security-policy": "default-src 'none'" } },
    ],
  ] as const
) {
  Deno.test(`read: ${text}`, () => {
    assertEquals(parsed(text), { ...NOTHING, ...expected });
  });
}

const HEADER_NAMES = '"X-Test"';

for (
  const [text, error] of [
    ["a", "the file takes keys and values"],
    ["[a]", "the file takes keys and values"],
    ["a: b", '"a" is no key of this file'],
    ["constructor: b", '"constructor" is no key of this file'],
    ["__proto__: b", '"__proto__" is no key of this file'],
    ["{}\n---\n{}", "the file holds more than one document"],
    ["{", "it is no YAML: "],
    ["a: *b", "it is no YAML: "],
    ["a: !!js/function b", "it is no YAML: "],
    ["rate_limit: {}\nrate_limit: {}", "it is no YAML: duplicated mapping key"],
    ["[".repeat(100_000), "it is no YAML: "],
    ["http_server_config: {http2: true}", "http_server_config.http2 takes false only: "],
    ["http_server_config: {http2: [false]}", "http_server_config.http2 takes a text"],
    ["http_server_config: {http3: true}", '"http_server_config.http3" is no key of this file'],
    ["http_server_config: {headers: a}", "http_server_config.headers takes keys and values"],
    [
      "http_server_config: {headers: {X-Test: a}}",
      `the header ${HEADER_NAMES} cannot be configured`,
    ],
    [
      "http_server_config: {headers: {x-frame-options: deny}}",
      'the header "x-frame-options" cannot be configured',
    ],
    [
      "http_server_config: {headers: {X-Frame-Options: DENY}}",
      'the header X-Frame-Options takes deny or sameorigin, not "DENY"',
    ],
    [
      "http_server_config: {headers: {X-Content-Type-Options: sniff}}",
      'the header X-Content-Type-Options takes nosniff, not "sniff"',
    ],
    [
      'http_server_config: {headers: {Content-Security-Policy: "a\\r\\nSet-Cookie: b"}}',
      'the header Content-Security-Policy takes printable ASCII, not "a\\r\\nSet-Cookie: b"',
    ],
    ["basic_auth_users: [alice]", "basic_auth_users takes keys and values"],
    ["basic_auth_users: {alice: [a]}", "basic_auth_users.alice takes a text"],
    ["basic_auth_users: {alice: secret}", 'the password of user "alice" is no bcrypt hash'],
    ["basic_auth_users: {alice: }", 'the password of user "alice" is no bcrypt hash'],
    [`basic_auth_users: {"a:b": ${HASH}}`, 'the user name "a:b" has a colon'],
    [`basic_auth_users: {a: ${HASH}x}`, 'the password of user "a" is no bcrypt hash'],
    [`basic_auth_users: {a: ${HASH.slice(0, -1)}}`, 'the password of user "a" is no bcrypt hash'],
    [
      `basic_auth_users: {a: $1$abc$${"a".repeat(22)}}`,
      'the password of user "a" is no bcrypt hash',
    ],
    [
      `basic_auth_users: {a: ${hashOf("03")}}`,
      'the password of user "a" has the bcrypt cost 3, not 4 to 16',
    ],
    [
      `basic_auth_users: {a: ${hashOf("17")}}`,
      'the password of user "a" has the bcrypt cost 17, not 4 to 16',
    ],
    [
      "rate_limit: {interval: 1, burst: 1}",
      'rate_limit.interval takes a duration, as 1s or 100ms, not "1"',
    ],
    [
      "rate_limit: {interval: -1s, burst: 1}",
      'rate_limit.interval takes a duration, as 1s or 100ms, not "-1s"',
    ],
    ["rate_limit: {interval: 1s, burst: -1}", 'rate_limit.burst takes a number, not "-1"'],
    ["rate_limit: {interval: 1s, burst: 1.5}", 'rate_limit.burst takes a number, not "1.5"'],
    ["rate_limit: {interval: 1s}", "rate_limit.burst 0 would answer no request"],
    ["rate_limit: {rate: 1}", '"rate_limit.rate" is no key of this file'],
  ] as const
) {
  Deno.test(`refused: ${JSON.stringify(text.slice(0, 80))}: ${error}`, () => {
    const outcome = parseWebConfig(text);
    assert(!outcome.ok, "it is refused");
    const { error: actual } = outcome;
    assertEquals(
      error.endsWith(": ") ? actual.slice(0, error.length) : actual.split(" (", 1)[0],
      error,
    );
    assertEquals(actual.split("\n").length, 1);
  });
}

Deno.test("no text makes the parser throw or say more than a line", () => {
  const words = ["tls_server_config", "basic_auth_users", "rate_limit", ": ", "\n", " ", "{", "}"];
  const text = fc.array(
    fc.oneof(fc.constantFrom(...words, "[", "]", "&a", "*a", "!!", "-"), fc.string()),
  );
  fc.assert(fc.property(text, (parts) => {
    const outcome = parseWebConfig(parts.join(""));
    assert(outcome.ok || !outcome.error.includes("\n"));
  }));
});

Deno.test("what is wrong is told without the hash of a user", () => {
  const secret = HASH.slice(8);
  for (const wrong of ["}", ": [", "a: b", "\n\t- a", "basic_auth_users: {}", "*a", "'"]) {
    const outcome = parseWebConfig(`basic_auth_users:\n  alice: ${HASH}\n${wrong}`);
    assert(!outcome.ok && !outcome.error.includes(secret), wrong);
  }
});
