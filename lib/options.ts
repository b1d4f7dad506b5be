import { DROPPABLE_LABELS } from "./dropped_labels.ts";
import { LOG_FORMATS, LOG_LEVELS } from "./log.ts";
import { LAYOUT_NAMES } from "./utmp/layout.ts";

/** One command line option: parsing, `--help`, the environment and README's table all come from it. */
export interface Option {
  readonly name: string;
  /** `switch` takes no value; `list` may be given several times. */
  readonly kind: "text" | "switch" | "list";
  /** What stands for the value in `--help`; empty for a switch. */
  readonly placeholder: string;
  /** Empty for a switch, and where nothing is the default. A list has one default element. */
  readonly fallback: string;
  readonly help: string;
  /** The only values that are taken; empty where there is no such list. */
  readonly choices: readonly string[];
}

/** What `--source` takes. */
export const SOURCE_CHOICES = ["auto", "utmp", "logind"] as const;

function text(name: string, placeholder: string, fallback: string, help: string): Option {
  return { name, kind: "text", placeholder, fallback, help, choices: [] };
}

function choice(name: string, choices: readonly string[], fallback: string, help: string): Option {
  return { name, kind: "text", placeholder: choices.join("|"), fallback, help, choices };
}

function toggle(name: string, help: string): Option {
  return { name, kind: "switch", placeholder: "", fallback: "", help, choices: [] };
}

/** Every option, in the order of `--help`. */
export const OPTIONS: readonly Option[] = [
  {
    name: "web.listen-address",
    kind: "list",
    placeholder: "[HOST]:PORT|unix:/PATH",
    fallback: ":32142",
    help: "Where to listen; all interfaces without a host. May be given several times. " +
      "A Unix socket is made by systemd.",
    choices: [],
  },
  text(
    "web.config.file",
    "FILE",
    "",
    "TLS, users, headers and rate limit, in the format of prometheus/exporter-toolkit.",
  ),
  text("web.telemetry-path", "PATH", "/metrics", "Path under which the metrics are served."),
  text(
    "web.max-requests",
    "NUMBER",
    "40",
    "How many scrapes and pages are answered at a time; more get 503. 0 for no limit.",
  ),
  toggle(
    "web.disable-exporter-metrics",
    "Leave out the metrics of the exporter's own process (process_*).",
  ),
  choice(
    "source",
    SOURCE_CHOICES,
    "auto",
    "Where sessions are read from; auto shows those of utmp and of logind, each once.",
  ),
  text("utmp-path", "FILE", "/var/run/utmp", "The utmp file to read."),
  choice(
    "utmp-layout",
    ["auto", ...LAYOUT_NAMES],
    "auto",
    "Size and byte order of its records; auto finds it in the content.",
  ),
  text("logind-path", "DIR", "/run/systemd", "The folder that systemd-logind writes."),
  text(
    "path.procfs",
    "DIR",
    "",
    "Where the host's /proc is mounted: leaves out sessions whose process is gone.",
  ),
  text("path.devfs", "DIR", "", "Where the host's /dev is mounted: adds idle times."),
  text("users.include", "REGEX", "", "Look at these users only (RE2, anchored at both ends)."),
  text("users.exclude", "REGEX", "", "Do not look at these users (RE2, anchored at both ends)."),
  text(
    "labels.drop",
    "LABEL,...",
    "",
    `Labels that read as empty, for privacy: ${DROPPABLE_LABELS.join(", ")}.`,
  ),
  text(
    "sessions.max-series",
    "NUMBER",
    "10000",
    "How many sessions, users and remote hosts have series of their own.",
  ),
  choice("log.level", LOG_LEVELS, "info", "Least level that is logged to stderr."),
  choice("log.format", LOG_FORMATS, "logfmt", "How log lines are written."),
  toggle("debug", "Same as --log.level=debug: log each record when the file changes."),
  toggle("once", "Print one exposition to stdout and exit, for the textfile collector."),
  toggle("dump", "Print the decoded records as JSON lines and exit."),
  toggle("healthcheck", "Ask the exporter running at the listen address; exit 0 or 1."),
  toggle("version", "Print the version and exit."),
  toggle("help", "Print this help and exit."),
];

/** The environment variable that stands for an option, `UUE_UTMP_PATH` for `utmp-path`. */
export function environmentName({ name }: Option): string {
  return `UUE_${name.toUpperCase().replaceAll(/[.-]/g, "_")}`;
}

/** The option as a user types it, with its placeholder. */
export function usageOf({ name, placeholder }: Option): string {
  return placeholder === "" ? `--${name}` : `--${name}=${placeholder}`;
}

/** The text of `--help`. */
export function helpText(): string {
  const entries = OPTIONS.map((option) => {
    const fallback = option.fallback === "" ? "" : ` (default ${option.fallback})`;
    return `  ${usageOf(option)}${fallback}\n      ${option.help}\n      ${
      environmentName(option)
    }`;
  });
  return `Usage: unix-user-exporter [flags]

Tells Prometheus who is logged in to this machine.

Flags, each with the environment variable that sets it where the flag is not given:
${entries.join("\n")}`;
}
