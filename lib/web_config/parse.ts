import { ConfigError } from "./config_error.ts";
import { parseGoDuration } from "./go_duration.ts";
import type { Result } from "../result.ts";
import type { Note, TakeNote } from "./note.ts";
import { booleanAt, entriesAt, isAbsent, sectionAt, textAt, type YamlNode } from "./yaml_node.ts";
import { type TlsConfig, tlsConfigAt } from "./tls_config.ts";
import { isPlainScalar, parseYaml } from "./yaml.ts";

/** At most `burst` requests at once, and one more for each `interval`. */
export interface RateLimit {
  /** Milliseconds, above 0. */
  readonly interval: number;
  /** Below 1, no request is allowed. */
  readonly burst: number;
}

/** A checked web configuration file. */
export interface WebConfig {
  /** Null for plain HTTP. */
  readonly tls: TlsConfig | null;
  /** Headers for every response, with names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** bcrypt hashes by user name. Empty without authentication. */
  readonly users: ReadonlyMap<string, string>;
  readonly rateLimit: RateLimit | null;
  /** Notes for the log. */
  readonly notes: readonly Note[];
}

/** The allowed headers, with their allowed values. An empty list allows any value. */
const HEADERS: Readonly<Record<string, readonly string[]>> = {
  "Content-Security-Policy": [],
  "X-Frame-Options": ["deny", "sameorigin"],
  "X-Content-Type-Options": ["nosniff"],
  "X-XSS-Protection": [],
  "Strict-Transport-Security": [],
};

/** The characters of a header value (RFC 9110, section 5.5), restricted to ASCII. */
const HEADER_VALUE = /^[\t\x20-\x7e]*$/;

/** The format of bcrypt: version, cost, salt and hash. */
const BCRYPT = /^\$2[aby]\$(?<cost>\d\d)\$[./A-Za-z0-9]{53}$/;

/**
 * Costs of bcrypt. Each step doubles the time. `usual` is the greatest cost with which a login takes a few
 * seconds, `greatest` the greatest one in the documentation of exporter-toolkit.
 */
const COSTS = { least: 4, usual: 16, greatest: 18 } as const;

/**
 * Parses the file format of prometheus/exporter-toolkit, docs/web-configuration.md. Unknown keys, values of
 * the wrong type and unsupported settings are errors. An empty file is valid. Does not read the certificates
 * and keys.
 */
export function parseWebConfig(text: string): Result<WebConfig> {
  try {
    const [value, ...others] = parseYaml(text);
    if (others.length > 0) throw new ConfigError("the file contains more than one document");
    return { ok: true, value: webConfigAt({ name: "", value }) };
  } catch (error) {
    if (error instanceof ConfigError) return { ok: false, error: error.message };
    throw error;
  }
}

function webConfigAt(node: YamlNode): WebConfig {
  const section = sectionAt(node, [
    "tls_server_config",
    "http_server_config",
    "basic_auth_users",
    "rate_limit",
  ]);
  const notes: Note[] = [];
  const note: TakeNote = (note) => notes.push(note);
  return {
    tls: tlsConfigAt(section("tls_server_config"), note),
    headers: headersAt(section("http_server_config"), note),
    users: usersAt(section("basic_auth_users"), note),
    rateLimit: rateLimitAt(section("rate_limit"), note),
    notes,
  };
}

function headersAt(node: YamlNode, note: TakeNote): WebConfig["headers"] {
  const section = sectionAt(node, ["http2", "headers"]);
  const http2 = section("http2");
  if (booleanAt(http2) === true) {
    const effect = "none; this exporter has no HTTP/2, clients use HTTP/1.1";
    note({ level: "info", setting: http2.name, effect });
  }
  const headers = entriesAt(section("headers")).map((entry): readonly [string, string] => {
    const { key: name } = entry;
    const value = textAt(entry);
    const values = Object.hasOwn(HEADERS, name) ? HEADERS[name] : undefined;
    if (values === undefined) {
      throw new ConfigError(`the header ${JSON.stringify(name)} cannot be configured`);
    }
    const isKnown = values.length === 0 ? HEADER_VALUE.test(value) : values.includes(value);
    if (value !== "" && !isKnown) {
      const wanted = values.length === 0 ? "printable ASCII" : values.join(" or ");
      throw new ConfigError(`the header ${name} must be ${wanted}, not ${JSON.stringify(value)}`);
    }
    return [name.toLowerCase(), value];
  });
  return Object.fromEntries(headers.filter(([, value]) => value !== ""));
}

function usersAt(node: YamlNode, note: TakeNote): WebConfig["users"] {
  return new Map(
    entriesAt(node).map((entry): readonly [string, string] => {
      const user = JSON.stringify(entry.key);
      if (entry.key.includes(":")) {
        const effect = "none; a user name with a colon cannot log in";
        note({ level: "warn", setting: entry.name, effect });
      }
      const hash = textAt(entry);
      const cost = Number(BCRYPT.exec(hash)?.groups?.["cost"]);
      if (Number.isNaN(cost)) {
        throw new ConfigError(`the password of user ${user} is not a bcrypt hash`);
      }
      if (cost < COSTS.least || cost > COSTS.greatest) {
        const range = `${COSTS.least} to ${COSTS.greatest}`;
        throw new ConfigError(
          `the password of user ${user} has the bcrypt cost ${cost}, not ${range}`,
        );
      }
      if (cost > COSTS.usual) {
        const effect = `bcrypt cost ${cost} makes the first login take many seconds`;
        note({ level: "warn", setting: entry.name, effect });
      }
      return [entry.key, hash];
    }),
  );
}

function rateLimitAt(node: YamlNode, note: TakeNote): RateLimit | null {
  const section = sectionAt(node, ["interval", "burst"]);
  const interval = intervalAt(section("interval"), note);
  const burst = burstAt(section("burst"));
  // A negative interval means no limit, as in golang.org/x/time/rate.
  if (interval <= 0) return null;
  if (burst <= 0) {
    note({ level: "warn", setting: "rate_limit.burst", effect: "every request gets 429" });
  }
  return { interval, burst };
}

/** Milliseconds. A number without a unit is in nanoseconds, as in exporter-toolkit. */
function intervalAt({ name, value }: YamlNode, note: TakeNote): number {
  if (isAbsent(value)) return 0;
  if (isPlainScalar(value) && value.kind === "number") {
    if (value.value > 0) {
      note({ level: "warn", setting: name, effect: "nanoseconds; add a unit, for example 1s" });
    }
    return Math.trunc(value.value) / 1e6;
  }
  const milliseconds = typeof value === "string" ? parseGoDuration(value) : null;
  if (milliseconds !== null) return milliseconds;
  const given = JSON.stringify(textAt({ name, value }));
  throw new ConfigError(`${name} must be a duration such as 1s or 100ms, not ${given}`);
}

/** An integer. A fraction is truncated, as in exporter-toolkit. */
function burstAt({ name, value }: YamlNode): number {
  if (isAbsent(value)) return 0;
  const burst = isPlainScalar(value) && value.kind === "number" ? Math.trunc(value.value) : NaN;
  if (Number.isSafeInteger(burst)) return burst;
  throw new ConfigError(`${name} must be a number, not ${JSON.stringify(textAt({ name, value }))}`);
}
