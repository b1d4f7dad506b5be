import { ConfigError } from "./config_error.ts";

/** Where a value stands, as `tls_server_config.cert_file`; the name of the whole file is empty. */
export interface Place {
  readonly name: string;
  readonly value: unknown;
}

/** A place in a mapping, with its own key. */
export interface Entry extends Place {
  readonly key: string;
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
export function entriesAt({ name, value }: Place): readonly Entry[] {
  if (value === undefined || value === "") return [];
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new ConfigError(`${name === "" ? "the file" : name} takes keys and values`);
  }
  const prefix = name === "" ? "" : `${name}.`;
  return Object.entries(value).map(([key, value]) => ({ key, name: prefix + key, value }));
}

/** The values of a mapping that has no other keys than these. */
export function sectionAt<Key extends string>(
  place: Place,
  keys: readonly Key[],
): (key: Key) => Place {
  const entries = entriesAt(place);
  const unknown = entries.find((entry) => !keys.some((key) => key === entry.key));
  if (unknown !== undefined) {
    throw new ConfigError(`${JSON.stringify(unknown.name)} is no key of this file`);
  }
  const prefix = place.name === "" ? "" : `${place.name}.`;
  return (key) =>
    entries.find((entry) => entry.key === key) ?? { name: prefix + key, value: undefined };
}
