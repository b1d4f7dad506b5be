import { ConfigError } from "./config_error.ts";

/** Where a value stands, as `tls_server_config.cert_file`. */
export interface Place {
  readonly name: string;
  readonly value: unknown;
}

/** What is read of each scalar: a text. A key without value is an empty one, as in the Go programs. */
export function textAt({ name, value }: Place): string {
  if (value === undefined) return "";
  if (typeof value === "string") return value;
  throw new ConfigError(`${name} takes a text`);
}

/** A list of texts; null where the key is absent. */
export function listAt({ name, value }: Place): readonly string[] | null {
  if (value === undefined) return null;
  if (!Array.isArray(value)) throw new ConfigError(`${name} takes a list`);
  return value.map((element) => textAt({ name, value: element }));
}

/** The entries of a mapping; none where the key is absent or has no value. */
export function entriesAt({ name, value }: Place): readonly Place[] {
  if (value === undefined || value === "") return [];
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new ConfigError(`${name} takes keys and values`);
  }
  return Object.entries(value).map(([key, value]) => ({ name: key, value }));
}

/** The values of a mapping that has no other keys than these; the names of the places are whole. */
export function sectionAt<Key extends string>(
  place: Place,
  keys: readonly Key[],
): (key: Key) => Place {
  const prefix = place.name === "" ? "" : `${place.name}.`;
  const entries = entriesAt(place);
  const unknown = entries.find(({ name }) => !keys.some((key) => key === name));
  if (unknown !== undefined) {
    throw new ConfigError(`${JSON.stringify(prefix + unknown.name)} is no key of this file`);
  }
  return (key) => ({
    name: prefix + key,
    value: entries.find(({ name }) => name === key)?.value,
  });
}
