// @ts-types="../declarations/std_cli_parse_args.d.ts"
import { parseArgs } from "@std/cli/parse-args";
import {
  environmentName,
  type Option,
  OPTION_NAMES,
  type OptionName,
  OPTIONS,
  type OptionValues,
} from "./options.ts";
import type { Result } from "../result.ts";

/** The command line and the environment. */
export interface Arguments {
  /** From the command line or the environment, or the default. */
  readonly values: OptionValues;
  /** The flag or the variable that set a value, for messages. */
  readonly originOf: (name: OptionName) => string;
  /** The environment variable `TZ`; undefined if it is not set. */
  readonly timeZone: string | undefined;
}

/** Thrown and caught in this file only. Its message is one line for the user. */
class UsageError extends Error {}

const HINT = "--help lists the flags";

/** The spellings of Go's strconv.ParseBool, for compatibility with the Go exporter. */
const BOOLEANS: ReadonlyMap<string, boolean> = new Map([
  ...["1", "t", "T", "true", "TRUE", "True"].map((word) => [word, true] as const),
  ...["0", "f", "F", "false", "FALSE", "False"].map((word) => [word, false] as const),
]);

/**
 * Reads the command line, and environment variables for options that it does not set. `-flag`,
 * `--flag value` and `--flag=value` are equivalent, as in Go. Unknown flags, missing values, arguments that
 * are not flags, invalid booleans and invalid choices are errors.
 */
export function readArguments(
  args: readonly string[],
  environment: (name: string) => string | undefined,
): Result<Arguments> {
  try {
    const given = givenValues(args);
    const originOf = (name: OptionName): string =>
      given.has(name) ? `--${name}` : environmentName(name);
    const values = OPTION_NAMES.map((name) => {
      // An empty variable counts as unset, because compose files set empty variables.
      const variable = variableOf(environmentName(name), environment) || undefined;
      const raw = given.get(name) ?? variable;
      return [name, valueOf(OPTIONS[name], originOf(name), raw)];
    });
    const timeZone = variableOf("TZ", environment);
    return {
      ok: true,
      value: { values: Object.fromEntries(values) as OptionValues, originOf, timeZone },
    };
  } catch (error) {
    if (error instanceof UsageError) return { ok: false, error: error.message };
    throw error;
  }
}

/** The values on the command line: a string, or strings for a repeated option. */
function givenValues(
  args: readonly string[],
): ReadonlyMap<OptionName, string | readonly string[]> {
  const typed = new Map<string, string>();
  const parsed = parseArgs(words(args, typed), {
    string: OPTION_NAMES.map(keyOf),
    collect: OPTION_NAMES.filter((name) => OPTIONS[name].kind === "repeated").map(keyOf),
    unknown: (word, key) => {
      const what = key === undefined ? "unexpected argument" : "unknown flag";
      throw new UsageError(`${what} ${JSON.stringify(typed.get(word) ?? word)}; ${HINT}`);
    },
  });
  const [stray] = parsed._;
  if (stray !== undefined) {
    throw new UsageError(`unexpected argument ${JSON.stringify(stray)}; ${HINT}`);
  }
  const isGiven = (name: OptionName): boolean => typed.has(`--${keyOf(name)}`);
  return new Map(
    OPTION_NAMES.filter(isGiven).map((name) => [name, textsOf(parsed[keyOf(name)])]),
  );
}

/** The name of an option for parseArgs. Dots, which it would nest, become a byte that arguments cannot contain. */
function keyOf(name: OptionName): string {
  return name.replaceAll(".", "\0");
}

/**
 * The arguments in the form for parseArgs: each flag has two dashes, and `=` before its value. `typed` maps each
 * flag to the argument as typed.
 */
function words(args: readonly string[], typed: Map<string, string>): string[] {
  const rest = [...args];
  const joined: string[] = [];
  for (let arg = rest.shift(); arg !== undefined; arg = rest.shift()) {
    const [, flag = "", value] = /^--?([^-=][^=]*)(=[^]*)?$/.exec(arg) ?? [];
    const name = OPTION_NAMES.find((name) => name === (arg === "-h" ? "help" : flag));
    if (name === undefined) {
      const word = /^-[^-]/.test(arg) ? `-${arg}` : arg;
      typed.set(word, arg);
      joined.push(word);
      continue;
    }
    const implied = OPTIONS[name].kind === "boolean" ? "true" : undefined;
    const text = value?.slice(1) ?? implied ?? rest.shift();
    if (text === undefined) throw new UsageError(`--${name} needs a value; ${HINT}`);
    typed.set(`--${keyOf(name)}`, arg);
    joined.push(`--${keyOf(name)}=${text}`);
  }
  return joined;
}

function textsOf(value: unknown): string | readonly string[] {
  return Array.isArray(value) ? value.map(String) : String(value);
}

/** The checked value of an option; the default if `raw` is undefined. */
function valueOf(
  option: Option,
  origin: string,
  raw: string | readonly string[] | undefined,
): string | boolean | readonly string[] {
  switch (option.kind) {
    case "boolean":
      return raw === undefined ? false : booleanOf(origin, String(raw));
    case "repeated": {
      const elements = typeof raw === "string" ? raw.split(",").map((text) => text.trim()) : raw;
      return elements?.map((text) => textOf(option, origin, text)) ?? [option.defaultValue];
    }
    case "choice":
    case "text":
      return raw === undefined ? option.defaultValue : textOf(option, origin, String(raw));
  }
}

/** The value of a variable. The runtime throws if it is not UTF-8. */
function variableOf(
  name: string,
  environment: (name: string) => string | undefined,
): string | undefined {
  try {
    return environment(name);
  } catch {
    throw new UsageError(`the environment variable ${name} is not UTF-8`);
  }
}

function booleanOf(origin: string, word: string): boolean {
  const value = BOOLEANS.get(word);
  if (value === undefined) {
    throw new UsageError(`${origin} must be true or false, not ${JSON.stringify(word)}`);
  }
  return value;
}

function textOf({ choices, defaultValue }: Option, origin: string, text: string): string {
  if (text === "" && defaultValue !== "") throw new UsageError(`${origin} needs a value; ${HINT}`);
  if (choices.length > 0 && !choices.includes(text)) {
    throw new UsageError(
      `${origin} must be one of ${choices.join(", ")}, not ${JSON.stringify(text)}`,
    );
  }
  return text;
}
