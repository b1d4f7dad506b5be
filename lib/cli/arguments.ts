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
const TRUE: readonly string[] = ["1", "t", "T", "true", "TRUE", "True"];
const FALSE: readonly string[] = ["0", "f", "F", "false", "FALSE", "False"];

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
      given(name) === undefined ? environmentName(name) : `--${name}`;
    const values = OPTION_NAMES.map((name) => {
      const variable = variableOf(environmentName(name), environment) ?? "";
      const texts = given(name) ?? textsOf(OPTIONS[name], variable);
      return [name, valueOf(OPTIONS[name], originOf(name), texts)];
    });
    const timeZone = variableOf("TZ", environment);
    const value = { values: Object.fromEntries(values) as OptionValues, originOf, timeZone };
    return { ok: true, value };
  } catch (error) {
    if (error instanceof UsageError) return { ok: false, error: error.message };
    throw error;
  }
}

/** The values of each option on the command line; undefined if there are none. */
function givenValues(args: readonly string[]): (name: OptionName) => readonly string[] | undefined {
  const keys = OPTION_NAMES.map(keyOf);
  const parsed = parseArgs(words(args), { string: keys, collect: keys });
  return (name) => {
    const texts = parsed[keyOf(name)];
    return Array.isArray(texts) && texts.length > 0 ? texts.map(String) : undefined;
  };
}

/** The name of an option for parseArgs. Dots, which it would nest, become a byte that arguments cannot contain. */
function keyOf(name: OptionName): string {
  return name.replaceAll(".", "\0");
}

/** The arguments in the form for parseArgs: each flag has two dashes, and `=` before its value. */
function words(args: readonly string[]): string[] {
  const rest = [...args];
  const joined: string[] = [];
  for (let arg = rest.shift(); arg !== undefined; arg = rest.shift()) {
    const [, flag, value] = /^--?([^-=][^=]*)(?:=([^]*))?$/.exec(arg) ?? [];
    const name = OPTION_NAMES.find((name) => name === (arg === "-h" ? "help" : flag));
    if (name === undefined) {
      // As in Go, everything after `--` is an argument and not a flag.
      const [what, word] = arg === "--"
        ? ["unexpected argument", rest[0]]
        : [/^-./.test(arg) ? "unknown flag" : "unexpected argument", arg];
      if (word === undefined) break;
      throw new UsageError(`${what} ${JSON.stringify(word)}; ${HINT}`);
    }
    const text = value ?? (OPTIONS[name].kind === "boolean" ? "true" : rest.shift());
    if (text === undefined) throw new UsageError(`--${name} needs a value; ${HINT}`);
    joined.push(`--${keyOf(name)}=${text}`);
  }
  return joined;
}

/** The values in a variable. An empty one counts as unset, because compose files set empty variables. */
function textsOf({ kind }: Option, variable: string): readonly string[] {
  if (variable === "") return [];
  return kind === "repeated" ? variable.split(",").map((text) => text.trim()) : [variable];
}

/** The checked value of an option: the last one, or all if it is repeated, or the default. */
function valueOf(
  option: Option,
  origin: string,
  texts: readonly string[],
): string | boolean | readonly string[] {
  if (option.kind === "repeated") {
    return texts.length === 0
      ? [option.defaultValue]
      : texts.map((text) => textOf(option, origin, text));
  }
  const text = texts.at(-1);
  if (option.kind === "boolean") return text !== undefined && booleanOf(origin, text);
  return text === undefined ? option.defaultValue : textOf(option, origin, text);
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
  if (TRUE.includes(word) || FALSE.includes(word)) return TRUE.includes(word);
  throw new UsageError(`${origin} must be true or false, not ${JSON.stringify(word)}`);
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
