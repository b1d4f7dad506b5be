import { readArguments } from "./arguments.ts";
import { DROPPABLE_LABELS, type DroppedLabels } from "./dropped_labels.ts";
import { type ListenAddress, parseListenAddress } from "./web/listen_address.ts";
import { type LevelName, LOG_FORMATS, LOG_LEVELS, type LogFormat } from "./log.ts";
import { SOURCE_CHOICES } from "./options.ts";
import { LAYOUT_NAMES, type LayoutName } from "./utmp/layout.ts";

/** What the program does: serve, or one of the one-shot modes. */
export const MODES = ["help", "version", "healthcheck", "dump", "once"] as const;

/** One of {@link MODES}, or serving where none is asked for. */
export type Mode = (typeof MODES)[number] | "serve";

/** The whole configuration, checked. */
export interface Config {
  /** Where several modes are given, the first of {@link MODES}. */
  readonly mode: Mode;
  readonly listenAddresses: readonly ListenAddress[];
  /** Empty where none is given. */
  readonly webConfigPath: string;
  readonly telemetryPath: string;
  readonly disableExporterMetrics: boolean;
  readonly source: (typeof SOURCE_CHOICES)[number];
  readonly utmpPath: string;
  readonly logindPath: string;
  /** Empty where no procfs or devfs was given. */
  readonly procfsPath: string;
  readonly devfsPath: string;
  /** Regular expressions; empty for none. */
  readonly usersInclude: string;
  readonly usersExclude: string;
  readonly droppedLabels: DroppedLabels;
  readonly maxSeries: number;
  /** How many scrapes and pages are answered at a time; 0 for no limit. */
  readonly maxRequests: number;
  readonly utmpLayout: LayoutName | "auto";
  readonly logLevel: LevelName;
  readonly logFormat: LogFormat;
  /** The environment variable `TZ`; undefined where it is not set. */
  readonly timeZone: string | undefined;
}

/** A configuration, or one line that says what is wrong. */
export type ConfigOutcome =
  | { readonly ok: true; readonly config: Config }
  | { readonly ok: false; readonly error: string };

/** Paths that the server answers itself. */
export const HEALTH_PATHS = ["/-/healthy", "/-/ready"] as const;

/** Printable ASCII that stands for itself in a URL path: no query, no fragment, nothing to escape. */
const URL_PATH = /^\/[\w\-.~!$&'()*+,;=:@/]*$/;

/** The numbers that options take. */
const NUMBER = /^\d{1,7}$/;

/** Reads and checks the command line and the environment. */
export function readConfig(
  args: readonly string[],
  environment: (name: string) => string | undefined,
): ConfigOutcome {
  const outcome = readArguments(args, environment);
  if (!outcome.ok) return outcome;
  const { texts, switches, lists, places, timeZone } = outcome.values;
  const failure = (name: string, wanted: string, value: string): ConfigOutcome => {
    const error = `${places.get(name)} takes ${wanted}, not ${JSON.stringify(value)}`;
    return { ok: false, error };
  };
  const listenAddresses: ListenAddress[] = [];
  for (const text of lists.get("web.listen-address") ?? []) {
    const address = parseListenAddress(text);
    if (address === null) {
      return failure(
        "web.listen-address",
        "[HOST]:PORT, with an IPv6 address in brackets, or unix:/PATH",
        text,
      );
    }
    listenAddresses.push(address);
  }
  const telemetryPath = texts.get("web.telemetry-path") ?? "";
  if (!URL_PATH.test(telemetryPath) || HEALTH_PATHS.some((path) => path === telemetryPath)) {
    return failure("web.telemetry-path", "a URL path of its own that begins with /", telemetryPath);
  }
  const labels = (texts.get("labels.drop") ?? "").split(",").filter((label) => label !== "");
  const unknown = labels.find((label) => !DROPPABLE_LABELS.some((name) => name === label));
  if (unknown !== undefined) return failure("labels.drop", DROPPABLE_LABELS.join(", "), unknown);
  for (const name of ["sessions.max-series", "web.max-requests"]) {
    const value = texts.get(name) ?? "";
    if (!NUMBER.test(value)) return failure(name, "a number from 0 to 9999999", value);
  }
  const config: Config = {
    mode: MODES.find((mode) => switches.get(mode)) ?? "serve",
    listenAddresses,
    webConfigPath: texts.get("web.config.file") ?? "",
    telemetryPath,
    disableExporterMetrics: switches.get("web.disable-exporter-metrics") ?? false,
    source: oneOf(SOURCE_CHOICES, texts.get("source")),
    logindPath: texts.get("logind-path") ?? "",
    procfsPath: texts.get("path.procfs") ?? "",
    devfsPath: texts.get("path.devfs") ?? "",
    usersInclude: texts.get("users.include") ?? "",
    usersExclude: texts.get("users.exclude") ?? "",
    droppedLabels: new Set(labels.map((label) => oneOf(DROPPABLE_LABELS, label))),
    maxSeries: Number(texts.get("sessions.max-series")),
    maxRequests: Number(texts.get("web.max-requests")),
    utmpPath: texts.get("utmp-path") ?? "",
    utmpLayout: oneOf(["auto", ...LAYOUT_NAMES], texts.get("utmp-layout")),
    logLevel: switches.get("debug") ? "debug" : oneOf(LOG_LEVELS, texts.get("log.level")),
    logFormat: oneOf(LOG_FORMATS, texts.get("log.format")),
    timeZone,
  };
  return { ok: true, config };
}

/** The choice as its type. The option table has made sure that it is one. */
function oneOf<Choice extends string>(choices: readonly Choice[], value?: string): Choice {
  const found = choices.find((choice) => choice === value);
  if (found === undefined) throw new RangeError(`Cannot use a choice outside its list: ${value}`);
  return found;
}
