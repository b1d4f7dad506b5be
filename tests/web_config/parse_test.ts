import fc from "fast-check";
import { parseWebConfig, type WebConfig } from "../../lib/web_config/parse.ts";
import { assert, assertEquals, fail } from "../support/assert.ts";

/** Right in form, of the cost given. */
function hashOf(cost: string): string {
  return `$2y$${cost}$${"a".repeat(53)}`;
}

const HASH = hashOf("10");

const NOTHING: WebConfig = {
  tls: null,
  headers: {},
  users: new Map(),
  rateLimit: null,
  notes: [],
};

function parsed(text: string): WebConfig {
  const outcome = parseWebConfig(text);
  return outcome.ok ? outcome.value : fail(outcome.error);
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
    "null",
    "~",
    "tls_server_config: ~",
    "http_server_config: null",
    "http_server_config: {http2: False}",
    "http_server_config: {http2: ~, headers: null}",
    "basic_auth_users: null",
    "rate_limit: {interval: -1s, burst: 1}",
    "rate_limit: {interval: null, burst: ~}",
  ]
) {
  Deno.test(`empty configuration: ${JSON.stringify(text)}`, () => {
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
    ["rate_limit: {interval: 1s, burst: 1.5}", { rateLimit: { interval: 1_000, burst: 1 } }],
    ["rate_limit: {interval: 1s, burst: 10}", { rateLimit: { interval: 1_000, burst: 10 } }],
    ["rate_limit: {interval: 1s, burst: 0x10}", { rateLimit: { interval: 1_000, burst: 16 } }],
    ["rate_limit: {interval: 1s, burst: 010}", { rateLimit: { interval: 1_000, burst: 8 } }],
    ["rate_limit: {<<: {burst: 2}, interval: 1s}", { rateLimit: { interval: 1_000, burst: 2 } }],
    [`basic_auth_users: {~: ${HASH}}`, { users: new Map([["", HASH]]) }],
    [`basic_auth_users: {1.50: ${HASH}}`, { users: new Map([["1.50", HASH]]) }],
    ["http_server_config: {headers: {X-XSS-Protection: 1}}", {
      headers: { "x-xss-protection": "1" },
    }],
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

for (
  const [text, level, setting, effect] of [
    [
      "http_server_config: {http2: yes}",
      ...["info", "http_server_config.http2"],
      "none; this exporter has no HTTP/2, clients use HTTP/1.1",
    ],
    [
      "tls_server_config: {min_version: TLS12}",
      ...["warn", "tls_server_config"],
      "none; without cert_file and key_file the exporter serves plain HTTP",
    ],
    [
      `basic_auth_users: {"a:b": ${HASH}}`,
      ...["warn", "basic_auth_users.a:b"],
      "none; a user name with a colon cannot log in",
    ],
    [
      `basic_auth_users: {a: ${hashOf("17")}}`,
      ...["warn", "basic_auth_users.a"],
      "bcrypt cost 17 makes the first login take many seconds",
    ],
    [
      "rate_limit: {interval: 1000000000, burst: 1}",
      ...["warn", "rate_limit.interval"],
      "nanoseconds; add a unit, for example 1s",
    ],
    ["rate_limit: {interval: 1s}", "warn", "rate_limit.burst", "every request gets 429"],
    ["rate_limit: {interval: 1s, burst: -1}", "warn", "rate_limit.burst", "every request gets 429"],
  ] as const
) {
  Deno.test(`noted: ${text}`, () => {
    assertEquals<unknown>(parsed(text).notes, [{ level, setting, effect }]);
  });
}

Deno.test("a number without unit is an interval in nanoseconds", () => {
  const { rateLimit } = parsed("rate_limit: {interval: 1500000000, burst: 1}");
  assertEquals(rateLimit, { interval: 1_500, burst: 1 });
});

const HEADER_NAMES = '"X-Test"';

for (
  const [text, error] of [
    ["a", "the file must be a mapping"],
    ["[a]", "the file must be a mapping"],
    ["a: b", 'unknown key "a"'],
    ["constructor: b", 'unknown key "constructor"'],
    ["__proto__: b", 'unknown key "__proto__"'],
    ["{}\n---\n{}", "the file contains more than one document"],
    ["{", "invalid YAML: "],
    ["a: *b", "invalid YAML: "],
    ["a: !!js/function b", "invalid YAML: "],
    ["rate_limit: {}\nrate_limit: {}", "invalid YAML: duplicated mapping key"],
    ["[".repeat(100_000), "invalid YAML: "],
    ["http_server_config: {http2: [false]}", "http_server_config.http2 must be true or false"],
    ["http_server_config: {http2: 'no'}", "http_server_config.http2 must be true or false"],
    ["http_server_config: {http2: 0}", "http_server_config.http2 must be true or false"],
    ["http_server_config: ''", "http_server_config must be a mapping"],
    ["http_server_config: {http3: true}", 'unknown key "http_server_config.http3"'],
    ["http_server_config: {headers: a}", "http_server_config.headers must be a mapping"],
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
      'the header X-Frame-Options must be deny or sameorigin, not "DENY"',
    ],
    [
      "http_server_config: {headers: {X-Content-Type-Options: sniff}}",
      'the header X-Content-Type-Options must be nosniff, not "sniff"',
    ],
    [
      'http_server_config: {headers: {Content-Security-Policy: "a\\r\\nSet-Cookie: b"}}',
      'the header Content-Security-Policy must be printable ASCII, not "a\\r\\nSet-Cookie: b"',
    ],
    ["basic_auth_users: [alice]", "basic_auth_users must be a mapping"],
    ["basic_auth_users: {alice: [a]}", "basic_auth_users.alice must be a string"],
    ["basic_auth_users: {alice: secret}", 'the password of user "alice" is not a bcrypt hash'],
    ["basic_auth_users: {alice: }", 'the password of user "alice" is not a bcrypt hash'],
    [`basic_auth_users: {a: ${HASH}x}`, 'the password of user "a" is not a bcrypt hash'],
    [
      `basic_auth_users: {a: ${HASH.slice(0, -1)}}`,
      'the password of user "a" is not a bcrypt hash',
    ],
    [
      `basic_auth_users: {a: $1$abc$${"a".repeat(22)}}`,
      'the password of user "a" is not a bcrypt hash',
    ],
    [
      `basic_auth_users: {a: ${hashOf("03")}}`,
      'the password of user "a" has the bcrypt cost 3, not 4 to 18',
    ],
    [
      `basic_auth_users: {a: ${hashOf("19")}}`,
      'the password of user "a" has the bcrypt cost 19, not 4 to 18',
    ],
    [
      "rate_limit: {interval: 1d, burst: 1}",
      'rate_limit.interval must be a duration such as 1s or 100ms, not "1d"',
    ],
    [
      "rate_limit: {interval: true, burst: 1}",
      'rate_limit.interval must be a duration such as 1s or 100ms, not "true"',
    ],
    ["rate_limit: {interval: 1s, burst: '1'}", 'rate_limit.burst must be a number, not "1"'],
    ["rate_limit: {interval: 1s, burst: many}", 'rate_limit.burst must be a number, not "many"'],
    ["rate_limit: {rate: 1}", 'unknown key "rate_limit.rate"'],
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

Deno.test("no text makes the parser throw or return more than one line", () => {
  const words = ["tls_server_config", "basic_auth_users", "rate_limit", ": ", "\n", " ", "{", "}"];
  const text = fc.array(
    fc.oneof(fc.constantFrom(...words, "[", "]", "&a", "*a", "!!", "-"), fc.string()),
  );
  fc.assert(fc.property(text, (parts) => {
    const outcome = parseWebConfig(parts.join(""));
    assert(outcome.ok || !outcome.error.includes("\n"));
  }));
});

Deno.test("error messages do not contain the hash of a user", () => {
  const secret = HASH.slice(8);
  for (const wrong of ["}", ": [", "a: b", "\n\t- a", "basic_auth_users: {}", "*a", "'"]) {
    const outcome = parseWebConfig(`basic_auth_users:\n  alice: ${HASH}\n${wrong}`);
    assert(!outcome.ok && !outcome.error.includes(secret), wrong);
  }
});
