import { ConfigError } from "./config_error.ts";
import { isPlainScalar } from "./yaml.ts";

/** A value with its name, for example `tls_server_config.cert_file`. The whole file has an empty name. */
export interface YamlNode {
  readonly name: string;
  readonly value: unknown;
}

/** An entry of a mapping. */
export interface Entry extends YamlNode {
  readonly key: string;
}

/** The text of a scalar of any type; empty if the key is absent or null. */
export function textAt({ name, value }: YamlNode): string {
  if (value === undefined) return "";
  if (typeof value === "string") return value;
  if (!isPlainScalar(value)) throw new ConfigError(`${name} must be a string`);
  return value.kind === "null" ? "" : value.text;
}

/** A boolean of YAML 1.1; null if the key is absent or null. Quoted words are errors. */
export function booleanAt({ name, value }: YamlNode): boolean | null {
  if (isAbsent(value)) return null;
  if (isPlainScalar(value) && value.kind === "boolean") return value.value;
  throw new ConfigError(`${name} must be true or false`);
}

/** A list of strings; null if the key is absent or null. */
export function listAt({ name, value }: YamlNode): readonly string[] | null {
  if (isAbsent(value)) return null;
  if (!Array.isArray(value)) throw new ConfigError(`${name} must be a list`);
  return value.map((element) => textAt({ name, value: element }));
}

/** The entries of a mapping; empty if the key is absent or null. */
export function entriesAt({ name, value }: YamlNode): readonly Entry[] {
  if (isAbsent(value)) return [];
  if (!(value instanceof Map)) {
    throw new ConfigError(`${name === "" ? "the file" : name} must be a mapping`);
  }
  const prefix = name === "" ? "" : `${name}.`;
  return [...value].map(([key, value]) => ({ key, name: prefix + key, value }));
}

/** Whether a key is absent or null. Go programs treat both alike. */
export function isAbsent(value: unknown): boolean {
  return value === undefined || isPlainScalar(value) && value.kind === "null";
}

/** The values of a mapping. Other keys than these are errors. */
export function sectionAt<Key extends string>(
  node: YamlNode,
  keys: readonly Key[],
): (key: Key) => YamlNode {
  const entries = entriesAt(node);
  const unknown = entries.find((entry) => !keys.some((key) => key === entry.key));
  if (unknown !== undefined) {
    throw new ConfigError(`unknown key ${JSON.stringify(unknown.name)}`);
  }
  const prefix = node.name === "" ? "" : `${node.name}.`;
  return (key) =>
    entries.find((entry) => entry.key === key) ?? { name: prefix + key, value: undefined };
}
