import { DROPPABLE_LABELS } from "../sessions/dropped_labels.ts";
import { LOG_FORMATS, LOG_LEVELS } from "../log.ts";
import { SOURCE_NAMES } from "../sessions/snapshot.ts";
import { LAYOUT_NAMES } from "../utmp/mod.ts";

/** A command line option. Parsing, `--help`, the environment variable and docs/flags.md use it. */
export interface Option {
  /** `boolean` has no value; `repeated` can be given several times. */
  readonly kind: "text" | "choice" | "boolean" | "repeated";
  /** The placeholder of the value in `--help`; empty for a boolean. */
  readonly placeholder: string;
  /** Empty for a boolean, and if there is no default. */
  readonly defaultValue: string;
  readonly help: string;
  /** The values of a choice; empty for the other kinds. */
  readonly choices: readonly string[];
}

/** The values of `--source`. */
export const SOURCE_CHOICES = ["auto", ...SOURCE_NAMES] as const;

/** The values of `--utmp-layout`. */
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
    "Address to listen on; without a host, all interfaces. Can be repeated. " +
      "systemd must create the Unix socket.",
  ),
  "web.config.file": text(
    "FILE",
    "",
    "Web configuration file of prometheus/exporter-toolkit: TLS, users, headers, rate limit.",
  ),
  "web.telemetry-path": text("PATH", "/metrics", "Path of the metrics."),
  "web.max-requests": text(
    "NUMBER",
    "40",
    "Maximum number of scrapes and pages at a time; more get 503. 0 means no limit.",
  ),
  "web.disable-exporter-metrics": boolean(
    "Omit the metrics of the exporter's own process (process_*).",
  ),
  "source": choice(
    SOURCE_CHOICES,
    "auto",
    "Where sessions are read from; auto combines utmp and logind, each session once.",
  ),
  "utmp-path": text("FILE", "/var/run/utmp", "The utmp file."),
  "utmp-layout": choice(
    LAYOUT_CHOICES,
    "auto",
    "Size and byte order of the utmp records; auto detects them.",
  ),
  "logind-path": text("DIR", "/run/systemd", "The directory of systemd-logind."),
  "wtmp-path": text(
    "FILE",
    "",
    "The wtmp file; adds the number of logins and the last login of each user.",
  ),
  "btmp-path": text("FILE", "", "The btmp file; adds the number of failed logins."),
  "wtmpdb-path": text(
    "FILE",
    "",
    "The wtmpdb database; adds the same as --wtmp-path, and is used for the number of logins if both are set.",
  ),
  "lastlog2-path": text("FILE", "", "The lastlog2 database; adds the last login of each user."),
  "failed-logins.max-series": text(
    "NUMBER",
    "20",
    "Maximum number of remote addresses that have their own series of failed logins.",
  ),
  "path.procfs": text(
    "DIR",
    "",
    "Directory where the host's /proc is mounted; omits sessions whose process is gone.",
  ),
  "path.devfs": text("DIR", "", "Directory where the host's /dev is mounted; adds idle times."),
  "users.include": text("REGEX", "", "Regular expression of the users to include (RE2, anchored)."),
  "users.exclude": text("REGEX", "", "Regular expression of the users to exclude (RE2, anchored)."),
  "labels.drop": text(
    "LABEL,...",
    "",
    `Labels to empty, for privacy: ${DROPPABLE_LABELS.join(", ")}.`,
  ),
  "sessions.max-series": text(
    "NUMBER",
    "10000",
    "Maximum number of sessions, users and remote hosts that have their own series.",
  ),
  "log.level": choice(LOG_LEVELS, "info", "Minimum level of the log on stderr."),
  "log.format": choice(LOG_FORMATS, "logfmt", "Format of the log lines."),
  "debug": boolean("Same as --log.level=debug; logs each record when the file changes."),
  "once": boolean("Print one exposition to stdout and exit, for the textfile collector."),
  "dump": boolean("Print the decoded records as JSON lines and exit."),
  "healthcheck": boolean("Check the exporter at the listen address; exit with 0 or 1."),
  "version": boolean("Print the version and exit."),
  "help": boolean("Print this help and exit."),
} as const satisfies Readonly<Record<string, Option>>;

/** The name of an option, without dashes. */
export type OptionName = keyof typeof OPTIONS;

/** The type of an option's value. */
type ValueOf<Given extends Option> = Given extends BooleanOption ? boolean
  : Given extends RepeatedOption ? readonly string[]
  : Given extends ChoiceOption<infer Choice> ? Choice
  : string;

/** The values of all options. */
export type OptionValues = { readonly [Name in OptionName]: ValueOf<(typeof OPTIONS)[Name]> };

/** The names of {@link OPTIONS}, in the same order. */
export const OPTION_NAMES = Object.keys(OPTIONS) as readonly OptionName[];

/** The environment variable of an option, `UUE_UTMP_PATH` for `utmp-path`. */
export function environmentName(name: OptionName): string {
  return `UUE_${name.toUpperCase().replaceAll(/[.-]/g, "_")}`;
}

/** The option with its placeholder, as in `--help`. */
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

Prometheus exporter for the users who are logged in to this machine.

Flags, each with its environment variable, which is used if the flag is not given:
${entries.join("\n")}`;
}
