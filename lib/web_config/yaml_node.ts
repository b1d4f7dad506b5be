import { ConfigError } from "./config_error.ts";
import { isPlainScalar } from "./yaml.ts";

/** Where a value stands, as `tls_server_config.cert_file`; the name of the whole file is empty. */
export interface YamlNode {
  readonly name: string;
  readonly value: unknown;
}

/** A place in a mapping, with its own key. */
export interface Entry extends YamlNode {
  readonly key: string;
}

/** The text of a scalar, whatever it looks like; empty where the key is absent or null. */
export function textAt({ name, value }: YamlNode): string {
  if (value === undefined) return "";
  if (typeof value === "string") return value;
  if (!isPlainScalar(value)) throw new ConfigError(`${name} takes a text`);
  return value.kind === "null" ? "" : value.text;
}

/** A boolean of YAML 1.1; null where the key is absent or null. A quoted word is none. */
export function booleanAt({ name, value }: YamlNode): boolean | null {
  if (isAbsent(value)) return null;
  if (isPlainScalar(value) && value.kind === "boolean") return value.value;
  throw new ConfigError(`${name} takes true or false`);
}

/** A list of texts; null where the key is absent or null. */
export function listAt({ name, value }: YamlNode): readonly string[] | null {
  if (isAbsent(value)) return null;
  if (!Array.isArray(value)) throw new ConfigError(`${name} takes a list`);
  return value.map((element) => textAt({ name, value: element }));
}

/** The entries of a mapping; none where the key is absent or null. */
export function entriesAt({ name, value }: YamlNode): readonly Entry[] {
  if (isAbsent(value)) return [];
  if (!(value instanceof Map)) {
    throw new ConfigError(`${name === "" ? "the file" : name} takes keys and values`);
  }
  const prefix = name === "" ? "" : `${name}.`;
  return [...value].map(([key, value]) => ({ key, name: prefix + key, value }));
}

/** Whether a key is absent or null, which is the same to the Go programs. */
export function isAbsent(value: unknown): boolean {
  return value === undefined || isPlainScalar(value) && value.kind === "null";
}

/** The values of a mapping that has no other keys than these. */
export function sectionAt<Key extends string>(
  node: YamlNode,
  keys: readonly Key[],
): (key: Key) => YamlNode {
  const entries = entriesAt(node);
  const unknown = entries.find((entry) => !keys.some((key) => key === entry.key));
  if (unknown !== undefined) {
    throw new ConfigError(`${JSON.stringify(unknown.name)} is no key of this file`);
  }
  const prefix = node.name === "" ? "" : `${node.name}.`;
  return (key) =>
    entries.find((entry) => entry.key === key) ?? { name: prefix + key, value: undefined };
}
