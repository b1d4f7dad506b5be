// @ts-types="./declarations/std_cli_parse_args.d.ts"
import { parseArgs } from "@std/cli/parse-args";
import { environmentName, type Option, OPTIONS } from "./options.ts";

/** The values of all options, by name: as given, from the environment, or the default. */
export interface OptionValues {
  readonly texts: ReadonlyMap<string, string>;
  readonly switches: ReadonlyMap<string, boolean>;
  readonly lists: ReadonlyMap<string, readonly string[]>;
  /** The flag or the variable that gave each value, for messages. */
  readonly places: ReadonlyMap<string, string>;
  /** The environment variable `TZ`; undefined where it is not set. */
  readonly timeZone: string | undefined;
}

/** Values, or one line that says what is wrong. */
export type ArgumentsOutcome =
  | { readonly ok: true; readonly values: OptionValues }
  | { readonly ok: false; readonly error: string };

/** Thrown and caught in this file only: the line that says what is wrong. */
class UsageError extends Error {}

const HINT = "--help lists the flags";

/** The spellings of Go's strconv.ParseBool, which the flags of the original accept. */
const BOOLEANS: ReadonlyMap<string, boolean> = new Map([
  ...["1", "t", "T", "true", "TRUE", "True"].map((word) => [word, true] as const),
  ...["0", "f", "F", "false", "FALSE", "False"].map((word) => [word, false] as const),
]);

/**
 * Reads the command line, then the environment for what it does not give. `-flag`, `--flag value` and
 * `--flag=value` are the same, as in Go. An unknown flag, a missing value, an argument that is no flag
 * and a switch with another value than a boolean are errors; the values themselves are not judged here.
 */
export function readArguments(
  args: readonly string[],
  environment: (name: string) => string | undefined,
): ArgumentsOutcome {
  try {
    const given = givenValues(args);
    const texts = new Map<string, string>();
    const switches = new Map<string, boolean>();
    const lists = new Map<string, readonly string[]>();
    const places = new Map<string, string>();
    for (const option of OPTIONS) {
      // An empty variable is one that is not set, as in compose files.
      const variable = variableOf(environmentName(option), environment) || undefined;
      const flag = given(option.name);
      const where = flag === undefined ? environmentName(option) : `--${option.name}`;
      places.set(option.name, where);
      if (option.kind === "text") {
        const value = flag ?? variable;
        texts.set(
          option.name,
          value === undefined ? option.fallback : textOf(option, where, value),
        );
      } else if (option.kind === "switch") {
        switches.set(option.name, switchOf(where, flag ?? variable ?? "false"));
      } else {
        const elements = flag ?? variable?.split(",").map((element) => element.trim()) ??
          [option.fallback];
        lists.set(option.name, listOf(option, where, elements));
      }
    }
    const timeZone = variableOf("TZ", environment);
    return { ok: true, values: { texts, switches, lists, places, timeZone } };
  } catch (error) {
    if (error instanceof UsageError) return { ok: false, error: error.message };
    throw error;
  }
}

/** The values of the command line by option name; undefined where the option is not given. */
function givenValues(args: readonly string[]): (name: string) => unknown {
  const typed = new Map<string, string>();
  const words = normalized(args, (word, arg) => typed.set(word, arg));
  const parsed = parseArgs([...words], {
    boolean: namesOf("switch"),
    string: [...namesOf("text"), ...namesOf("list")],
    collect: namesOf("list"),
    unknown: (word, key) => {
      const what = key === undefined ? "unexpected argument" : "unknown flag";
      throw new UsageError(`${what} ${JSON.stringify(typed.get(word) ?? word)}; ${HINT}`);
    },
  });
  if (parsed._.length > 0) {
    throw new UsageError(`unexpected argument ${JSON.stringify(parsed._[0])}; ${HINT}`);
  }
  const named = new Set(words.map(nameOf));
  return (name) => named.has(name) ? nested(parsed, name.split(".")) : undefined;
}

function namesOf(kind: Option["kind"]): readonly string[] {
  return OPTIONS.filter((option) => option.kind === kind).map(({ name }) => name);
}

/**
 * `-flag` as `--flag`, a switch's value in the two spellings that parseArgs knows, and the value of every
 * other option joined to it, whatever it begins with, as Go takes it. `note` gets each flag beside what
 * was typed.
 */
function normalized(
  args: readonly string[],
  note: (word: string, arg: string) => void,
): readonly string[] {
  const words: string[] = [];
  const rest = [...args];
  for (let arg = rest.shift(); arg !== undefined; arg = rest.shift()) {
    const long = arg === "-h" ? "--help" : /^-[^-]/.test(arg) ? `-${arg}` : arg;
    note(long, arg);
    const option = OPTIONS.find(({ name }) => name === nameOf(long));
    const hasValue = long.includes("=");
    if (option?.kind === "switch" && hasValue) {
      const value = booleanOf(`--${option.name}`, long.slice(option.name.length + 3));
      words.push(`--${option.name}=${value}`);
    } else if (option !== undefined && option.kind !== "switch" && !hasValue && rest.length > 0) {
      words.push(`${long}=${rest.shift()}`);
    } else {
      words.push(long);
    }
  }
  return words;
}

function nameOf(arg: string): string {
  return /^--([^=]+)/.exec(arg)?.[1] ?? "";
}

/** parseArgs nests what has dots in its name. */
function nested(value: unknown, keys: readonly string[]): unknown {
  const [key, ...rest] = keys;
  if (key === undefined) return value;
  const inner = typeof value === "object" && value !== null ? Object.entries(value) : [];
  return nested(inner.find(([name]) => name === key)?.[1], rest);
}

/** The value of a variable. The runtime throws at one that is not UTF-8. */
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

function switchOf(where: string, value: unknown): boolean {
  return typeof value === "boolean" ? value : booleanOf(where, String(value));
}

function booleanOf(where: string, word: string): boolean {
  const value = BOOLEANS.get(word);
  if (value === undefined) {
    throw new UsageError(`${where} takes true or false, not ${JSON.stringify(word)}`);
  }
  return value;
}

function textOf({ choices, fallback }: Option, where: string, value: unknown): string {
  if (value === "" && fallback === "") return "";
  if (typeof value !== "string" || value === "") {
    throw new UsageError(`${where} needs a value; ${HINT}`);
  }
  if (choices.length > 0 && !choices.includes(value)) {
    throw new UsageError(`${where} takes ${choices.join(", ")}, not ${JSON.stringify(value)}`);
  }
  return value;
}

function listOf(option: Option, where: string, value: unknown): readonly string[] {
  return (Array.isArray(value) ? value : [value]).map((element) => textOf(option, where, element));
}
