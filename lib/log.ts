import {
  configureSync,
  getJsonLinesFormatter,
  getLogfmtFormatter,
  getLogger,
  type Logger,
  type LogLevel,
  type LogRecord,
  sanitizeControlSequences,
} from "@logtape/logtape";

/** The log levels of Prometheus exporters, the most verbose first. */
export const LOG_LEVELS = ["debug", "info", "warn", "error"] as const;

/** One of {@link LOG_LEVELS}. */
export type LevelName = (typeof LOG_LEVELS)[number];

/** The formats of a log line: `key=value` pairs, or one JSON object. */
export const LOG_FORMATS = ["logfmt", "json"] as const;

/** One of {@link LOG_FORMATS}. */
export type LogFormat = (typeof LOG_FORMATS)[number];

/**
 * The log of the program. Messages are constant; everything that varies is a property. Both formats quote
 * control characters in properties, so that no text can break a line or reach a terminal as an escape
 * sequence.
 */
export type Log = Pick<Logger, "debug" | "info" | "warn" | "error" | "isEnabledFor">;

const LOGTAPE_LEVEL: Readonly<Record<LevelName, LogLevel>> = {
  debug: "debug",
  info: "info",
  warn: "warning",
  error: "error",
};

const LOGFMT = getLogfmtFormatter();

const CATEGORY = "unix_user_exporter";

/** Sets up the log of the process. `write` gets whole lines. A second call replaces the first. */
export function configureLog(
  { level, format, write }: {
    readonly level: LevelName;
    readonly format: LogFormat;
    readonly write: (line: string) => void;
  },
): Log {
  const formatter = format === "json"
    ? getJsonLinesFormatter({ properties: "flatten" })
    : formatLogfmt;
  configureSync({
    reset: true,
    sinks: { lines: (record: LogRecord) => write(formatter(record)) },
    loggers: [
      { category: CATEGORY, sinks: ["lines"], lowestLevel: LOGTAPE_LEVEL[level] },
      { category: ["logtape", "meta"], sinks: ["lines"], lowestLevel: "error" },
    ],
  });
  return getLogger(CATEGORY);
}

/** Formats a record as logfmt. LogTape writes the level `warn` as `warning`. */
function formatLogfmt(record: LogRecord): string {
  return LOGFMT(record).replace(/^(time=\S+ level=warn)ing /, "$1 ");
}

/** Escapes control characters, so that the text is one line and a terminal executes nothing in it. */
export function printable(text: string): string {
  return sanitizeControlSequences(text, { sgr: "escape", newlines: "escape" });
}
