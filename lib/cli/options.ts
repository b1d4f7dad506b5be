import { DROPPABLE_LABELS } from "../sessions/dropped_labels.ts";
import { LOG_FORMATS, LOG_LEVELS } from "../log.ts";
import { SOURCE_NAMES } from "../sessions/snapshot.ts";
import { LAYOUT_NAMES } from "../utmp/mod.ts";

/** One command line option: parsing, `--help`, the environment and the table in docs/flags.md come from it. */
export interface Option {
  /** `boolean` takes no value; `repeated` may be given several times. */
  readonly kind: "text" | "choice" | "boolean" | "repeated";
  /** What stands for the value in `--help`; empty for a boolean. */
  readonly placeholder: string;
  /** Empty for a boolean, and for none. */
  readonly defaultValue: string;
  readonly help: string;
  /** The only values that a choice takes; empty for the other kinds. */
  readonly choices: readonly string[];
}

/** What `--source` takes. */
export const SOURCE_CHOICES = ["auto", ...SOURCE_NAMES] as const;

/** What `--utmp-layout` takes. */
const LAYOUT_CHOICES = ["auto", ...LAYOUT_NAMES] as const;

interface TextOption extends Option {
  readonly kind: "text";
}

interface ChoiceOption<Choice extends string> extends Option {
  readonly kind: "choice";
  readonly choices: readonly Choice[];
}

interface BooleanOption extends Option {
  readonly kind: "boolean";
}

interface RepeatedOption extends Option {
  readonly kind: "repeated";
}

function text(placeholder: string, defaultValue: string, help: string): TextOption {
  return { kind: "text", placeholder, defaultValue, help, choices: [] };
}

function choice<Choice extends string>(
  choices: readonly Choice[],
  defaultValue: Choice,
  help: string,
): ChoiceOption<Choice> {
  return { kind: "choice", placeholder: choices.join("|"), defaultValue, help, choices };
}

function boolean(help: string): BooleanOption {
  return { kind: "boolean", placeholder: "", defaultValue: "", help, choices: [] };
}

function repeated(placeholder: string, defaultValue: string, help: string): RepeatedOption {
  return { kind: "repeated", placeholder, defaultValue, help, choices: [] };
}

/** Every option by name, in the order of `--help`. */
export const OPTIONS = {
  "web.listen-address": repeated(
    "[HOST]:PORT|unix:/PATH",
    ":32142",
    "Where to listen; all interfaces without a host. May be given several times. " +
      "A Unix socket is made by systemd.",
  ),
  "web.config.file": text(
    "FILE",
    "",
    "TLS, users, headers and rate limit, in the format of prometheus/exporter-toolkit.",
  ),
  "web.telemetry-path": text("PATH", "/metrics", "Path under which the metrics are served."),
  "web.max-requests": text(
    "NUMBER",
    "40",
    "How many scrapes and pages are answered at a time; more get 503. 0 for no limit.",
  ),
  "web.disable-exporter-metrics": boolean(
    "Leave out the metrics of the exporter's own process (process_*).",
  ),
  "source": choice(
    SOURCE_CHOICES,
    "auto",
    "Where sessions are read from; auto shows those of utmp and of logind, each once.",
  ),
  "utmp-path": text("FILE", "/var/run/utmp", "The utmp file to read."),
  "utmp-layout": choice(
    LAYOUT_CHOICES,
    "auto",
    "Size and byte order of its records; auto finds it in the content.",
  ),
  "logind-path": text("DIR", "/run/systemd", "The folder that systemd-logind writes."),
  "path.procfs": text(
    "DIR",
    "",
    "Where the host's /proc is mounted: leaves out sessions whose process is gone.",
  ),
  "path.devfs": text("DIR", "", "Where the host's /dev is mounted: adds idle times."),
  "users.include": text("REGEX", "", "Look at these users only (RE2, anchored at both ends)."),
  "users.exclude": text("REGEX", "", "Do not look at these users (RE2, anchored at both ends)."),
  "labels.drop": text(
    "LABEL,...",
    "",
    `Labels that read as empty, for privacy: ${DROPPABLE_LABELS.join(", ")}.`,
  ),
  "sessions.max-series": text(
    "NUMBER",
    "10000",
    "How many sessions, users and remote hosts have series of their own.",
  ),
  "log.level": choice(LOG_LEVELS, "info", "Least level that is logged to stderr."),
  "log.format": choice(LOG_FORMATS, "logfmt", "How log lines are written."),
  "debug": boolean("Same as --log.level=debug: log each record when the file changes."),
  "once": boolean("Print one exposition to stdout and exit, for the textfile collector."),
  "dump": boolean("Print the decoded records as JSON lines and exit."),
  "healthcheck": boolean("Ask the exporter running at the listen address; exit 0 or 1."),
  "version": boolean("Print the version and exit."),
  "help": boolean("Print this help and exit."),
} as const satisfies Readonly<Record<string, Option>>;

/** The name of an option, without dashes before it. */
export type OptionName = keyof typeof OPTIONS;

/** What an option gives once it is read. */
type ValueOf<Given extends Option> = Given extends BooleanOption ? boolean
  : Given extends RepeatedOption ? readonly string[]
  : Given extends ChoiceOption<infer Choice> ? Choice
  : string;

/** The values of all options. */
export type OptionValues = { readonly [Name in OptionName]: ValueOf<(typeof OPTIONS)[Name]> };

/** The names of {@link OPTIONS}, in the same order. */
export const OPTION_NAMES = Object.keys(OPTIONS) as readonly OptionName[];

/** The environment variable that stands for an option, `UUE_UTMP_PATH` for `utmp-path`. */
export function environmentName(name: OptionName): string {
  return `UUE_${name.toUpperCase().replaceAll(/[.-]/g, "_")}`;
}

/** The option as a user types it, with its placeholder. */
export function usageOf(name: OptionName): string {
  const { placeholder } = OPTIONS[name];
  return placeholder === "" ? `--${name}` : `--${name}=${placeholder}`;
}

/** The text of `--help`. */
export function helpText(): string {
  const entries = OPTION_NAMES.map((name) => {
    const { defaultValue, help } = OPTIONS[name];
    const suffix = defaultValue === "" ? "" : ` (default ${defaultValue})`;
    return `  ${usageOf(name)}${suffix}\n      ${help}\n      ${environmentName(name)}`;
  });
  return `Usage: unix-user-exporter [flags]

Tells Prometheus who is logged in to this machine.

Flags, each with the environment variable that sets it where the flag is not given:
${entries.join("\n")}`;
}
