import {
  defineMappingTag,
  defineScalarTag,
  FAILSAFE_SCHEMA,
  loadAll,
  mergeTag,
  NOT_RESOLVED,
  YAMLException,
} from "js-yaml";
import { ConfigError } from "./config_error.ts";

/** A scalar that is not a string in YAML 1.1, with its text. */
export type PlainScalar =
  | { readonly kind: "null"; readonly text: string }
  | { readonly kind: "boolean"; readonly text: string; readonly value: boolean }
  | { readonly kind: "number"; readonly text: string; readonly value: number };

const NULL = /^(?:~|null|Null|NULL|)$/;
const TRUE = /^(?:y|Y|yes|Yes|YES|on|On|ON|true|True|TRUE)$/;
const FALSE = /^(?:n|N|no|No|NO|off|Off|OFF|false|False|FALSE)$/;
const INTEGER =
  /^(?<sign>[-+]?)(?:0b(?<binary>[01]+)|0o?(?<octal>[0-7]+)|(?<other>0x[\da-f]+|\d+))$/i;
const FLOAT = /^[-+]?(?:\.\d+|\d+(?:\.\d*)?)(?:e[-+]?\d+)?$/i;

/** Parses a number. Go's yaml.v2 ignores underscores and has no sexagesimal numbers. */
function numberOf(source: string): number | null {
  const text = source.replaceAll("_", "");
  const groups = INTEGER.exec(text)?.groups;
  if (groups === undefined) return FLOAT.test(text) ? Number(text) : null;
  const { sign, binary, octal, other } = groups;
  const value = binary !== undefined
    ? parseInt(binary, 2)
    : octal !== undefined
    ? parseInt(octal, 8)
    : Number(other);
  return sign === "-" ? -value : value;
}

function scalarTag(
  name: string,
  read: (text: string) => PlainScalar | null,
): ReturnType<typeof defineScalarTag<PlainScalar>> {
  return defineScalarTag<PlainScalar>(`tag:yaml.org,2002:${name}`, {
    implicit: true,
    resolve: (text) => read(text) ?? NOT_RESOLVED,
    identify: () => false,
  });
}

const SCALAR_TAGS = [
  scalarTag("null", (text) => NULL.test(text) ? { kind: "null", text } : null),
  scalarTag("bool", (text) => {
    if (TRUE.test(text)) return { kind: "boolean", text, value: true };
    return FALSE.test(text) ? { kind: "boolean", text, value: false } : null;
  }),
  ...["int", "float"].map((name) =>
    scalarTag(name, (text) => {
      const value = numberOf(text);
      return value === null ? null : { kind: "number", text, value };
    })
  ),
];

type Mapping = Map<string, unknown>;

/** A mapping with strings as keys: the key `true` is "true", and null is the empty string. */
const MAPPING_TAG = defineMappingTag<Mapping>("tag:yaml.org,2002:map", {
  create: () => new Map(),
  addPair: (mapping, key, value) => {
    const text = keyOf(key);
    if (text === null) return "a key is not a string";
    mapping.set(text, value);
    return "";
  },
  has: (mapping, key) => mapping.has(keyOf(key) ?? ""),
  keys: (mapping) => mapping.keys(),
  get: (mapping, key) => mapping.get(keyOf(key) ?? ""),
  identify: () => false,
});

function keyOf(key: unknown): string | null {
  if (typeof key === "string") return key;
  if (!isPlainScalar(key)) return null;
  return key.kind === "null" ? "" : key.text;
}

const SCHEMA = FAILSAFE_SCHEMA.withTags(MAPPING_TAG, mergeTag, SCALAR_TAGS);

/**
 * Parses YAML as Go's yaml.v2 does, with the booleans and nulls of YAML 1.1. The documents consist of maps with
 * strings as keys, arrays, strings and {@link PlainScalar}s. Throws {@link ConfigError} with the first line of
 * the parser's message: the other lines quote the content, which may be secret.
 */
export function parseYaml(text: string): readonly unknown[] {
  try {
    return loadAll(text, { schema: SCHEMA });
  } catch (error) {
    if (!(error instanceof YAMLException)) throw error;
    throw new ConfigError(`invalid YAML: ${error.message.split("\n", 1)[0]}`);
  }
}

/** Whether a value is a scalar other than a string. */
export function isPlainScalar(value: unknown): value is PlainScalar {
  return typeof value === "object" && value !== null && "kind" in value && "text" in value;
}
