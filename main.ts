import { BUILD, BUILD_DATE, buildText } from "./lib/build_info.ts";
import type { Clock } from "./lib/clock.ts";
import { type Config, readConfig } from "./lib/cli/config.ts";
import { shutdownSignal } from "./lib/cli/shutdown_signal.ts";
import { createHandler } from "./lib/web/handler.ts";
import { configureLog, type Log, printable } from "./lib/log.ts";
import type { Collector } from "./lib/collector/collector.ts";
import { createCollector } from "./lib/collector/create_collector.ts";
import { helpText } from "./lib/cli/options.ts";
import { encodedLines, writeBytes, writeText } from "./lib/cli/output.ts";
import { Scraper } from "./lib/collector/scraper.ts";
import { stopServers } from "./lib/web/running_servers.ts";
import type { WebSecurityOutcome } from "./lib/web/web_security.ts";
import { startServers } from "./lib/web/server.ts";
import {
  ExporterMetrics,
  type ExporterMetricsOptions,
  type ProcessNumbers,
  type ProcessSample,
} from "./lib/metrics/exporter_metrics.ts";
import type { UnusableWebConfig } from "./lib/web_config/loader.ts";
import { activatedSockets } from "./lib/web/socket_activation.ts";
import { warnOfTimeZone } from "./lib/cli/time_zone.ts";
import { type UserFilter, userFilter } from "./lib/sessions/user_filter.ts";
import type { LayoutName } from "./lib/utmp/layout.ts";

/** Exit codes: a failure of what was asked for, and a command line that asks for nothing that exists. */
const FAILED = 1;
const MISUSED = 2;

const CLOCK: Clock = { epoch: () => Date.now(), monotonic: () => performance.now() };

declare global {
  namespace Deno {
    /** Microseconds of processor time. It is there without a flag, and missing in Deno's types. */
    function cpuUsage(): { readonly user: number; readonly system: number };
  }
}

/** How long the numbers of the process are told again, in milliseconds. Reading them costs a third of a small scrape. */
const SAMPLE_AGE = 100;

const PROCESS: ProcessNumbers = {
  sample: processSample(),
  startTime: performance.timeOrigin / 1000,
};

/** The layout of this machine's own utmp: 64-bit times on aarch64, 32-bit times on x86_64. */
const NATIVE_LAYOUT: LayoutName = Deno.build.arch === "aarch64" ? "400le" : "384le";

/** Node has none. */
const CAN_SERVE = "serve" in Deno;

/** Runs the program; gives its exit code. */
export async function main(args: readonly string[]): Promise<number> {
  const outcome = readConfig(args, (name) => Deno.env.get(name));
  if (!outcome.ok) return complain(outcome.error, MISUSED);
  const { config } = outcome;
  switch (config.mode) {
    case "help":
      return print([helpText()]);
    case "version":
      return print([buildText(BUILD, BUILD_DATE)]);
    case "healthcheck":
      return await healthcheck(config);
    case "dump":
      return await dump(config);
    case "once":
      return await withFilter(config, once);
    case "serve":
      return await withFilter(config, serve);
  }
}

async function healthcheck({ listenAddresses, webConfigPath }: Config): Promise<number> {
  const { readTls } = await import("./lib/web_config/load_tls.ts");
  const { checkHealth } = await import("./lib/web/healthcheck.ts");
  const read = await readTls(webConfigPath, { files: Deno, clock: CLOCK });
  if (!read.ok) return complain(unusable(read), MISUSED);
  const error = await checkHealth(listenAddresses, read.tls);
  return error === null ? print(["healthy"]) : complain(error, FAILED);
}

async function dump({ utmpPath: path, utmpLayout: wanted }: Config): Promise<number> {
  const { readDump } = await import("./lib/sources/dump.ts");
  const { lines, error } = await readDump(Deno, { path, wanted, native: NATIVE_LAYOUT });
  const code = print(lines);
  return error === null ? code : complain(error, FAILED);
}

async function once(config: Config, filter: UserFilter): Promise<number> {
  // A cron job mails what is on stderr: all is well says nothing.
  const log = startLog(config.logLevel === "info" ? { ...config, logLevel: "warn" } : config);
  const { scraper } = startScraping(config, { log, filter });
  const { body, hasSessions } = await scraper.scrape({ format: "text", isCompressed: false });
  const code = printBytes(typeof body === "string" ? [new TextEncoder().encode(body)] : body);
  return hasSessions ? code : FAILED;
}

async function serve(config: Config, filter: UserFilter): Promise<number> {
  // It would move the first listener, whatever the flags say.
  if ((Deno.env.get("DENO_SERVE_ADDRESS") ?? "") !== "") {
    return complain("DENO_SERVE_ADDRESS is set; use --web.listen-address instead", MISUSED);
  }
  const log = startLog(config);
  const { telemetryPath, webConfigPath, disableExporterMetrics } = config;
  const opened = await openSecurity(webConfigPath, log);
  if (!opened.ok) return complain(unusable(opened), MISUSED);
  const { security } = opened;
  const parts = {
    process: disableExporterMetrics ? null : PROCESS,
    lastReloadSucceeded: security?.lastReloadSucceeded ?? null,
  };
  const { collector, scraper } = startScraping(config, { log, filter, parts });
  let hasCollected = false;
  const handler = createHandler({
    telemetryPath,
    scrape: async (wanted) => (await scraper.scrape(wanted)).body,
    page: async () => {
      const { contentSecurityPolicy, pageHtml } = await import("./lib/web/page.ts");
      const html = pageHtml({
        collected: await collector.collect(),
        dropped: config.droppedLabels,
        version: BUILD.version,
        telemetryPath,
        now: CLOCK.epoch() / 1000,
      });
      return { html, policy: await contentSecurityPolicy() };
    },
    maxRequests: config.maxRequests,
    isReady: () => hasCollected,
  });
  const signalled = shutdownSignal();
  const servers = await startServers(config.listenAddresses, {
    handler,
    security,
    log,
    socketAt: activatedSockets(
      config.listenAddresses.filter(({ kind }) => kind === "unix").length,
      { environment: (name) => Deno.env.get(name), pid: Deno.pid, stat: (path) => Deno.stat(path) },
    ),
    canServe: CAN_SERVE,
  });
  if (servers === null) return FAILED;
  if (!servers.listensAgain) await Deno.permissions.revoke({ name: "net" });
  await collector.collect();
  hasCollected = true;
  const signal = await signalled;
  await stopServers(servers, { log, signal });
  return 0;
}

function startLog({ logLevel, logFormat, timeZone }: Config): Log {
  const log = configureLog({ level: logLevel, format: logFormat, write: writeLogLine });
  warnOfTimeZone(timeZone, { now: new Date(CLOCK.epoch()), log, read: readZone });
  return log;
}

/** A zone file that TZ names. */
function readZone(path: string): Uint8Array | null {
  try {
    return Deno.statSync(path).isFile ? Deno.readFileSync(path) : null;
  } catch {
    return null;
  }
}

/** Runs a mode with the users to look at. */
async function withFilter(
  config: Config,
  mode: (config: Config, filter: UserFilter) => Promise<number>,
): Promise<number> {
  const { usersInclude: include, usersExclude: exclude } = config;
  const outcome = await userFilter({ include, exclude });
  return outcome.ok ? await mode(config, outcome.filter) : complain(outcome.error, MISUSED);
}

/** What stands before the handler; nothing where there is no web configuration, and nothing is loaded for it. */
async function openSecurity(
  path: string,
  log: Log,
): Promise<WebSecurityOutcome | { readonly ok: true; readonly security: null }> {
  if (path === "") return { ok: true, security: null };
  const { openWebSecurity } = await import("./lib/web/web_security.ts");
  return await openWebSecurity(path, { files: Deno, clock: CLOCK, log });
}

/** What looks at the sessions, and what answers scrapes with them. */
function startScraping(
  config: Config,
  { log, filter, parts }: {
    readonly log: Log;
    readonly filter: UserFilter;
    readonly parts?: ExporterMetricsOptions;
  },
): { readonly collector: Collector; readonly scraper: Scraper } {
  const exporterMetrics = new ExporterMetrics(BUILD, parts);
  const collector = createCollector(config, {
    files: Deno,
    clock: CLOCK,
    log,
    filter,
    nativeLayout: NATIVE_LAYOUT,
    onFailure: (failure) => exporterMetrics.countReadFailure(failure),
  });
  const exposition = { dropped: config.droppedLabels, maxSeries: config.maxSeries };
  return {
    collector,
    scraper: new Scraper({ collector, exporterMetrics, exposition, clock: CLOCK }),
  };
}

function print(lines: Iterable<string>): number {
  return printBytes(encodedLines(lines));
}

function printBytes(parts: Iterable<Uint8Array>): number {
  try {
    for (const bytes of parts) writeBytes(Deno.stdout, bytes);
    return 0;
  } catch (error) {
    return complain(`cannot write to stdout: ${error}`, FAILED);
  }
}

function unusable({ path, error }: UnusableWebConfig): string {
  return `cannot use ${path} for --web.config.file: ${error}`;
}

/** Reads the numbers of the process, at most once in {@link SAMPLE_AGE}. */
function processSample(): () => ProcessSample {
  let at = -Infinity;
  let sample: ProcessSample = { cpu: 0, residentMemory: 0 };
  return () => {
    const now = CLOCK.monotonic();
    if (now - at < SAMPLE_AGE) return sample;
    at = now;
    const { user, system } = Deno.cpuUsage();
    sample = { cpu: (user + system) / 1e6, residentMemory: Deno.memoryUsage().rss };
    return sample;
  };
}

/** Says in one line what is wrong; paths in it may hold anything. */
function complain(text: string, code: number): number {
  writeLogLine(`unix-user-exporter: ${printable(text)}\n`);
  return code;
}

/** Without a stderr there is nobody to tell. */
function writeLogLine(line: string): void {
  try {
    writeText(Deno.stderr, line);
  } catch {
    return;
  }
}

if (import.meta.main) Deno.exit(await main(Deno.args));
