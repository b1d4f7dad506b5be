import { BUILD, BUILD_DATE, BUILD_WARNING, buildText } from "./lib/build_info.ts";
import type { Clock } from "./lib/clock.ts";
import { type Config, readConfig } from "./lib/cli/config.ts";
import { shutdownSignal } from "./lib/cli/shutdown_signal.ts";
import { createHandler } from "./lib/web/handler.ts";
import { readZoneFile } from "./lib/files/zone_file.ts";
import { configureLog, type Log } from "./lib/log.ts";
import { startScraping } from "./lib/collector/start_scraping.ts";
import { helpText } from "./lib/cli/options.ts";
import { consoleOf, FAILED, MISUSED } from "./lib/cli/console.ts";
import { stopServers } from "./lib/web/running_servers.ts";
import type { WebSecurity } from "./lib/web/web_security.ts";
import { startServers } from "./lib/web/server.ts";
import { processNumbers } from "./lib/metrics/process_numbers.ts";
import type { Result } from "./lib/result.ts";
import type { WebConfigError } from "./lib/web_config/loader.ts";
import { activatedSockets } from "./lib/web/socket_activation.ts";
import { warnOfTimeZone } from "./lib/cli/time_zone.ts";
import { type UserFilter, userFilter } from "./lib/sessions/user_filter.ts";
import type { LayoutName } from "./lib/utmp/mod.ts";

const CLOCK: Clock = { epoch: () => Date.now(), monotonic: () => performance.now() };

const { print, printBytes, complain, writeLogLine } = consoleOf(Deno);

/** The layout of the utmp file on this architecture: 64-bit times on aarch64, 32-bit times on x86_64. */
const NATIVE_LAYOUT: LayoutName = Deno.build.arch === "aarch64" ? "400le" : "384le";

/** Node has no `Deno.serve`. */
const CAN_SERVE = "serve" in Deno;

/** What scraping needs from the process in each mode. */
const DEPS = { files: Deno, clock: CLOCK, nativeLayout: NATIVE_LAYOUT, build: BUILD };

/** Runs the program and returns its exit code. */
export async function main(args: readonly string[]): Promise<number> {
  const read = readConfig(args, (name) => Deno.env.get(name));
  if (!read.ok) return complain(read.error, MISUSED);
  const { value: config } = read;
  switch (config.mode) {
    case "help":
      return print([helpText()]);
    case "version":
      return print([buildText(BUILD, BUILD_DATE, BUILD_WARNING)]);
    case "healthcheck":
      return await healthcheck(config);
    case "dump":
      return await withFilter(config, dump);
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
  if (!read.ok) return complain(webConfigText(read.error), MISUSED);
  const checked = await checkHealth(listenAddresses, read.value);
  return checked.ok ? print(["healthy"]) : complain(checked.error, FAILED);
}

async function dump(config: Config, filter: UserFilter): Promise<number> {
  const { printDump } = await import("./lib/sources/dump.ts");
  const { history: { wtmp, btmp }, utmpPath, utmpLayout: wanted, droppedLabels: dropped } = config;
  const path = wtmp || btmp || utmpPath;
  const options = { path, wanted, native: NATIVE_LAYOUT, dropped, filter };
  const printed = await printDump(Deno, options, print);
  return printed.ok ? printed.value : complain(printed.error, FAILED);
}

async function once(config: Config, filter: UserFilter): Promise<number> {
  // cron mails stderr, so nothing is logged unless something is wrong.
  const log = startLog(config.logLevel === "info" ? { ...config, logLevel: "warn" } : config);
  const { scraper } = await startScraping(config, { ...DEPS, log, filter, waits: true });
  const { body, hasSessions } = await scraper.scrape({ format: "text", isCompressed: false });
  const code = printBytes(typeof body === "string" ? [new TextEncoder().encode(body)] : body);
  return hasSessions ? code : FAILED;
}

async function serve(config: Config, filter: UserFilter): Promise<number> {
  // Deno would use it instead of the first listen address.
  if ((Deno.env.get("DENO_SERVE_ADDRESS") ?? "") !== "") {
    return complain("DENO_SERVE_ADDRESS is set; use --web.listen-address instead", MISUSED);
  }
  const log = startLog(config);
  const { telemetryPath, webConfigPath, disableExporterMetrics } = config;
  const opened = await openSecurity(webConfigPath, log);
  if (!opened.ok) return complain(webConfigText(opened.error), MISUSED);
  const { value: security } = opened;
  const startTime = performance.timeOrigin / 1000;
  const optional = {
    process: disableExporterMetrics ? null : processNumbers(Deno, { clock: CLOCK, startTime }),
    lastReloadSucceeded: security?.lastReloadSucceeded ?? null,
  };
  const { collector, scraper } = await startScraping(config, {
    ...DEPS,
    log,
    filter,
    optional,
    waits: false,
  });
  let hasCollected = false;
  const handler = createHandler({
    telemetryPath,
    scrape: async (wanted) => (await scraper.scrape(wanted)).body,
    page: async () => {
      const { createPage } = await import("./lib/web/page.ts");
      return await createPage({
        collected: await collector.collect(),
        dropped: config.droppedLabels,
        version: BUILD.version,
        telemetryPath,
        now: CLOCK.epoch() / 1000,
      });
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
  warnOfTimeZone(timeZone, {
    now: new Date(CLOCK.epoch()),
    log,
    read: (path) => readZoneFile(Deno, path),
  });
  return log;
}

/** Runs a mode with the filter of `--users.include` and `--users.exclude`. */
async function withFilter(
  config: Config,
  mode: (config: Config, filter: UserFilter) => Promise<number>,
): Promise<number> {
  const { usersInclude: include, usersExclude: exclude } = config;
  const filter = await userFilter({ include, exclude });
  return filter.ok ? await mode(config, filter.value) : complain(filter.error, MISUSED);
}

/** Access control and TLS of a web configuration. Without one: null, and nothing is loaded. */
async function openSecurity(
  path: string,
  log: Log,
): Promise<Result<WebSecurity | null, WebConfigError>> {
  if (path === "") return { ok: true, value: null };
  const { openWebSecurity } = await import("./lib/web/web_security.ts");
  return await openWebSecurity(path, { files: Deno, clock: CLOCK, log });
}

function webConfigText({ path, reason }: WebConfigError): string {
  return `cannot use ${path} for --web.config.file: ${reason}`;
}

if (import.meta.main) Deno.exit(await main(Deno.args));
