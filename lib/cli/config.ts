import { readArguments } from "./arguments.ts";
import {
  DROPPABLE_LABELS,
  type DroppableLabel,
  type DroppedLabels,
} from "../sessions/dropped_labels.ts";
import { type ListenAddress, parseListenAddress } from "./listen_address.ts";
import type { LevelName, LogFormat } from "../log.ts";
import type { OptionName, SOURCE_CHOICES } from "./options.ts";
import type { Result } from "../result.ts";
import type { HistorySourceName } from "../sessions/snapshot.ts";
import type { LayoutName } from "../utmp/mod.ts";

/** The one-shot modes. */
export const MODES = ["help", "version", "healthcheck", "dump", "once"] as const;

/** One of {@link MODES}, or `serve`. */
export type Mode = (typeof MODES)[number] | "serve";

/** The path of each source of past logins; empty for one that is not read. */
export type HistoryPaths = Readonly<Record<HistorySourceName, string>>;

/** The checked configuration. */
export interface Config {
  /** If several modes are given, the first one of {@link MODES}. */
  readonly mode: Mode;
  readonly listenAddresses: readonly ListenAddress[];
  /** Empty without a web configuration. */
  readonly webConfigPath: string;
  readonly telemetryPath: string;
  readonly disableExporterMetrics: boolean;
  readonly source: (typeof SOURCE_CHOICES)[number];
  readonly utmpPath: string;
  readonly logindPath: string;
  /** The files of past logins, each empty if it is not read. */
  readonly history: HistoryPaths;
  /** The maximum number of addresses with series of failed logins. */
  readonly maxFailedLoginSeries: number;
  /** Empty without procfs or devfs. */
  readonly procfsPath: string;
  readonly devfsPath: string;
  /** Regular expressions; empty for no filter. */
  readonly usersInclude: string;
  readonly usersExclude: string;
  readonly droppedLabels: DroppedLabels;
  readonly maxSeries: number;
  /** The maximum number of scrapes and pages at a time; 0 means no limit. */
  readonly maxRequests: number;
  readonly utmpLayout: LayoutName | "auto";
  readonly logLevel: LevelName;
  readonly logFormat: LogFormat;
  /** The environment variable `TZ`; undefined if it is not set. */
  readonly timeZone: string | undefined;
}

/** The paths of the health checks. */
export const HEALTH_PATHS = ["/-/healthy", "/-/ready"] as const;

/** A URL path without query, fragment or characters that need escaping. */
const URL_PATH = /^\/[\w\-.~!$&'()*+,;=:@/]*$/;

/** The options that are numbers. */
const NUMBERS = ["sessions.max-series", "failed-logins.max-series", "web.max-requests"] as const;

/** The format of numbers. */
const NUMBER = /^\d{1,7}$/;

/** Reads and checks the command line and the environment. */
export function readConfig(
  args: readonly string[],
  environment: (name: string) => string | undefined,
): Result<Config> {
  const read = readArguments(args, environment);
  if (!read.ok) return read;
  const { values, originOf, timeZone } = read.value;
  const failure = (name: OptionName, wanted: string, value: string): Result<Config> => {
    const error = `${originOf(name)} must be ${wanted}, not ${JSON.stringify(value)}`;
    return { ok: false, error };
  };
  const listenAddresses: ListenAddress[] = [];
  for (const text of values["web.listen-address"]) {
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
  const telemetryPath = values["web.telemetry-path"];
  if (!URL_PATH.test(telemetryPath) || HEALTH_PATHS.some((path) => path === telemetryPath)) {
    return failure(
      "web.telemetry-path",
      "a URL path that begins with / and is not a health check path",
      telemetryPath,
    );
  }
  const labels = values["labels.drop"].split(",").filter((label) => label !== "");
  const unknown = labels.find((label) => !isDroppable(label));
  if (unknown !== undefined) {
    return failure("labels.drop", `one of ${DROPPABLE_LABELS.join(", ")}`, unknown);
  }
  for (const name of NUMBERS) {
    const value = values[name];
    if (!NUMBER.test(value)) return failure(name, "a number from 0 to 9999999", value);
  }
  if (values["dump"] && values["wtmp-path"] !== "" && values["btmp-path"] !== "") {
    return { ok: false, error: "--dump takes one file: --wtmp-path or --btmp-path" };
  }
  const config: Config = {
    mode: MODES.find((mode) => values[mode]) ?? "serve",
    listenAddresses,
    webConfigPath: values["web.config.file"],
    telemetryPath,
    disableExporterMetrics: values["web.disable-exporter-metrics"],
    source: values["source"],
    logindPath: values["logind-path"],
    history: {
      wtmp: values["wtmp-path"],
      btmp: values["btmp-path"],
      wtmpdb: values["wtmpdb-path"],
      lastlog2: values["lastlog2-path"],
    },
    maxFailedLoginSeries: Number(values["failed-logins.max-series"]),
    procfsPath: values["path.procfs"],
    devfsPath: values["path.devfs"],
    usersInclude: values["users.include"],
    usersExclude: values["users.exclude"],
    droppedLabels: new Set(labels.filter(isDroppable)),
    maxSeries: Number(values["sessions.max-series"]),
    maxRequests: Number(values["web.max-requests"]),
    utmpPath: values["utmp-path"],
    utmpLayout: values["utmp-layout"],
    logLevel: values["debug"] ? "debug" : values["log.level"],
    logFormat: values["log.format"],
    timeZone,
  };
  return { ok: true, value: config };
}

function isDroppable(label: string): label is DroppableLabel {
  return DROPPABLE_LABELS.some((name) => name === label);
}
