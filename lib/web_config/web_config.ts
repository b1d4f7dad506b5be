import { FAILSAFE_SCHEMA, loadAll, YAMLException } from "js-yaml";
import { ConfigError } from "./config_error.ts";
import { parseGoDuration } from "./go_duration.ts";
import { entriesAt, type Place, sectionAt, textAt } from "./section.ts";
import { type TlsConfig, tlsConfigAt } from "./tls.ts";

/** At most `burst` requests at once, and one more for each `interval`. */
export interface RateLimit {
  /** Milliseconds, above 0. */
  readonly interval: number;
  /** At least 1. */
  readonly burst: number;
}

/** A web configuration file, checked. */
export interface WebConfig {
  /** Null where HTTP is plain. */
  readonly tls: TlsConfig | null;
  /** Headers for every answer, names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** bcrypt hashes by user name; nobody has to log in where there is none. */
  readonly users: ReadonlyMap<string, string>;
  readonly rateLimit: RateLimit | null;
}

/** A configuration, or one sentence that says what is wrong. */
export type WebConfigOutcome =
  | { readonly ok: true; readonly config: WebConfig }
  | { readonly ok: false; readonly error: string };

/** The headers that can be set, with the values that they take where not any will do. */
const HEADERS: Readonly<Record<string, readonly string[]>> = {
  "Content-Security-Policy": [],
  "X-Frame-Options": ["deny", "sameorigin"],
  "X-Content-Type-Options": ["nosniff"],
  "X-XSS-Protection": [],
  "Strict-Transport-Security": [],
};

/** What may stand in a header (RFC 9110, section 5.5), without what is not ASCII. */
const HEADER_VALUE = /^[\t\x20-\x7e]*$/;

/** What bcrypt writes: version, cost, salt and hash. */
const BCRYPT = /^\$2[aby]\$(?<cost>\d\d)\$[./A-Za-z0-9]{53}$/;

/** The least cost of bcrypt, and the greatest at which a login takes seconds and not minutes. */
const COSTS = { least: 4, greatest: 16 } as const;

/**
 * Reads the file format of prometheus/exporter-toolkit, docs/web-configuration.md. Strict: an unknown key,
 * a value of another kind, and a key that nothing here can obey are errors. An empty file is a
 * configuration without anything. The files that it names are not read here.
 */
export function parseWebConfig(text: string): WebConfigOutcome {
  try {
    // Every scalar is read as the text that it is: a name of digits stays a name.
    const [value, ...others] = loadAll(text, { schema: FAILSAFE_SCHEMA });
    if (others.length > 0) throw new ConfigError("the file holds more than one document");
    return { ok: true, config: webConfigAt({ name: "", value }) };
  } catch (error) {
    if (error instanceof ConfigError) return { ok: false, error: error.message };
    if (error instanceof YAMLException) return { ok: false, error: yamlError(error) };
    throw error;
  }
}

function webConfigAt(place: Place): WebConfig {
  const section = sectionAt(place, [
    "tls_server_config",
    "http_server_config",
    "basic_auth_users",
    "rate_limit",
  ]);
  return {
    tls: tlsConfigAt(section("tls_server_config")),
    headers: headersAt(section("http_server_config")),
    users: usersAt(section("basic_auth_users")),
    rateLimit: rateLimitAt(section("rate_limit")),
  };
}

function headersAt(place: Place): WebConfig["headers"] {
  const section = sectionAt(place, ["http2", "headers"]);
  const http2 = textAt(section("http2"));
  if (!["", "false"].includes(http2)) {
    throw new ConfigError("http_server_config.http2 takes false only: this exporter has no HTTP/2");
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
      throw new ConfigError(`the header ${name} takes ${wanted}, not ${JSON.stringify(value)}`);
    }
    return [name.toLowerCase(), value];
  });
  return Object.fromEntries(headers.filter(([, value]) => value !== ""));
}

function usersAt(place: Place): WebConfig["users"] {
  return new Map(
    entriesAt(place).map((entry): readonly [string, string] => {
      const user = JSON.stringify(entry.key);
      if (entry.key.includes(":")) throw new ConfigError(`the user name ${user} has a colon`);
      const hash = textAt(entry);
      const cost = Number(BCRYPT.exec(hash)?.groups?.["cost"]);
      if (Number.isNaN(cost)) {
        throw new ConfigError(`the password of user ${user} is no bcrypt hash`);
      }
      if (cost < COSTS.least || cost > COSTS.greatest) {
        const range = `${COSTS.least} to ${COSTS.greatest}`;
        throw new ConfigError(
          `the password of user ${user} has the bcrypt cost ${cost}, not ${range}`,
        );
      }
      return [entry.key, hash];
    }),
  );
}

function rateLimitAt(place: Place): RateLimit | null {
  const section = sectionAt(place, ["interval", "burst"]);
  const interval = textAt(section("interval")) || "0";
  const milliseconds = parseGoDuration(interval);
  if (milliseconds === null) {
    throw new ConfigError(
      `rate_limit.interval takes a duration, as 1s or 100ms, not ${JSON.stringify(interval)}`,
    );
  }
  const burst = textAt(section("burst")) || "0";
  if (!/^\d{1,9}$/.test(burst)) {
    throw new ConfigError(`rate_limit.burst takes a number, not ${JSON.stringify(burst)}`);
  }
  if (milliseconds === 0) return null;
  if (Number(burst) === 0) throw new ConfigError("rate_limit.burst 0 would answer no request");
  return { interval: milliseconds, burst: Number(burst) };
}

/** The first line of what the parser says: those after it show the content, which may be a secret. */
function yamlError({ message }: YAMLException): string {
  return `it is no YAML: ${message.split("\n", 1)[0]}`;
}
