import { type Config, readConfig } from "../../lib/cli/config.ts";
import {
  environmentName,
  helpText,
  OPTION_NAMES,
  OPTIONS,
  usageOf,
} from "../../lib/cli/options.ts";
import { assert, assertEquals, assertStringIncludes } from "../support/assert.ts";

function tcp(
  text: string,
  hostname: string | null,
  port: number,
): Config["listenAddresses"][number] {
  return { kind: "tcp", text, hostname, port };
}

const DEFAULTS: Config = {
  mode: "serve",
  listenAddresses: [tcp(":32142", null, 32142)],
  webConfigPath: "",
  telemetryPath: "/metrics",
  disableExporterMetrics: false,
  source: "auto",
  utmpPath: "/var/run/utmp",
  logindPath: "/run/systemd",
  procfsPath: "",
  devfsPath: "",
  usersInclude: "",
  usersExclude: "",
  droppedLabels: new Set(),
  maxSeries: 10_000,
  history: { wtmp: "", btmp: "", wtmpdb: "", lastlog2: "" },
  maxFailedLoginSeries: 20,
  maxRequests: 40,
  utmpLayout: "auto",
  logLevel: "info",
  logFormat: "logfmt",
  timeZone: undefined,
};

function configOf(
  args: readonly string[],
  environment: Record<string, string> = {},
): Config | string {
  const outcome = readConfig(args, (name) => environment[name]);
  return outcome.ok ? outcome.value : outcome.error;
}

for (
  const [args, expected] of [
    ["", {}],
    ...["--utmp-path=/x", "--utmp-path /x", "-utmp-path=/x", "-utmp-path /x"]
      .map((args) => [args, { utmpPath: "/x" }] as const),
    ["--utmp-path=/x --utmp-path=/y", { utmpPath: "/y" }],
    ["--utmp-path=/x=y", { utmpPath: "/x=y" }],
    ["--utmp-path=7", { utmpPath: "7" }],
    ["--utmp-path -h", { utmpPath: "-h" }],
    ["-utmp-path --debug --debug", { utmpPath: "--debug", logLevel: "debug" }],
    ["--users.exclude -x", { usersExclude: "-x" }],
    ["--users.include=", {}],
    ["--debug -utmp-path=/x", { logLevel: "debug", utmpPath: "/x" }],
    ...["-debug", "--debug=true", "--debug=1", "--debug=T", "--log.level=error --debug"]
      .map((args) => [args, { logLevel: "debug" }] as const),
    ...["false", "0", "F"].map((value) => [`-debug=${value}`, {}] as const),
    ["--log.level=warn", { logLevel: "warn" }],
    ["--log.format json", { logFormat: "json" }],
    ["--utmp-layout=400be", { utmpLayout: "400be" }],
    ["--web.telemetry-path=/", { telemetryPath: "/" }],
    ["-web.telemetry-path /a/b", { telemetryPath: "/a/b" }],
    ["--web.disable-exporter-metrics", { disableExporterMetrics: true }],
    ["--web.listen-address=localhost:9", { listenAddresses: [tcp("localhost:9", "localhost", 9)] }],
    ["-web.listen-address :1 --web.listen-address=[::1]:2", {
      listenAddresses: [tcp(":1", null, 1), tcp("[::1]:2", "::1", 2)],
    }],
    ["--source=logind --logind-path=/h", { source: "logind", logindPath: "/h" }],
    ["--path.procfs=/p --path.devfs=/d", { procfsPath: "/p", devfsPath: "/d" }],
    ["--users.include=a.* --users.exclude=ab", { usersInclude: "a.*", usersExclude: "ab" }],
    ["--labels.drop=from,login_time", { droppedLabels: new Set(["from", "login_time"] as const) }],
    ["--sessions.max-series=0", { maxSeries: 0 }],
    ["--web.max-requests=0", { maxRequests: 0 }],
    ["--wtmp-path=/w --wtmpdb-path=/d --lastlog2-path=/l --failed-logins.max-series=0", {
      history: { wtmp: "/w", btmp: "", wtmpdb: "/d", lastlog2: "/l" },
      maxFailedLoginSeries: 0,
    }],
    ["--dump --btmp-path=/b", {
      mode: "dump",
      history: { wtmp: "", btmp: "/b", wtmpdb: "", lastlog2: "" },
    }],
    ...(["once", "dump", "healthcheck"] as const).map((mode) => [`--${mode}`, { mode }] as const),
    ["--version --once", { mode: "version" }],
    ["--help --version", { mode: "help" }],
    ...["-h", "-help"].map((flag) => [flag, { mode: "help" }] as const),
  ] as const
) {
  Deno.test(`flags: ${args}`, () => {
    assertEquals(configOf(args === "" ? [] : args.split(" ")), { ...DEFAULTS, ...expected });
  });
}

const SEE_HELP = "--help lists the flags";
const LISTEN_ADDRESS = "[HOST]:PORT, with an IPv6 address in brackets, or unix:/PATH";
const TELEMETRY_PATH = "a URL path that begins with / and is not a health check path";
const UNKNOWN = ["--nope", "-n", "--no-debug", "--web", "--web/config/file", "--web.listen=:1"]
  .concat(["--__proto__=x", "--constructor.x=1", "--n\u001b[31m\n"]);

for (
  const [args, error] of [
    [
      ["--dump", "--wtmp-path=/w", "--btmp-path=/b"],
      "--dump takes one file: --wtmp-path or --btmp-path",
    ],
    ...UNKNOWN.map((flag) =>
      [[flag], `unknown flag ${JSON.stringify(flag)}; ${SEE_HELP}`] as const
    ),
    [["--web/config/file", "x"], `unknown flag "--web/config/file"; ${SEE_HELP}`],
    [["/run/utmp"], `unexpected argument "/run/utmp"; ${SEE_HELP}`],
    [["--debug", "yes"], `unexpected argument "yes"; ${SEE_HELP}`],
    [["--", "x"], `unexpected argument "x"; ${SEE_HELP}`],
    [["--utmp-path"], `--utmp-path needs a value; ${SEE_HELP}`],
    [["--users.include"], `--users.include needs a value; ${SEE_HELP}`],
    [["--utmp-path="], `--utmp-path needs a value; ${SEE_HELP}`],
    [["--web.listen-address="], `--web.listen-address needs a value; ${SEE_HELP}`],
    ...[
      ["--debug", "true or false", "maybe", ""],
      ["--log.level", "one of debug, info, warn, error", "loud"],
      ["--log.format", "one of logfmt, json", "xml"],
      ["--utmp-layout", "one of auto, 384le, 384be, 400le, 400be, 392le, 392be, 382be", "384"],
      ["--web.max-requests", "a number from 0 to 9999999", "x"],
      ["--source", "one of auto, utmp, logind", "wtmp"],
      ["--labels.drop", "one of username, from, tty, login_time", "ip"],
      ["--sessions.max-series", "a number from 0 to 9999999", "-1", "1.5", "many", "12345678"],
      ["--web.listen-address", LISTEN_ADDRESS, "32142"],
      ["--web.telemetry-path", TELEMETRY_PATH, "metrics", "/-/ready", "/a?b"],
    ].flatMap(([flag, allowed, ...values]) =>
      values.map((value) =>
        [[`${flag}=${value}`], `${flag} must be ${allowed}, not "${value}"`] as const
      )
    ),
  ] as const
) {
  Deno.test(`misuse: ${JSON.stringify(args)}`, () => assertEquals(configOf(args), error));
}

for (
  const [environment, expected] of [
    [{ UUE_UTMP_PATH: "/e" }, { utmpPath: "/e" }],
    [{ UUE_UTMP_PATH: "" }, {}],
    [{ UUE_DEBUG: "true" }, { logLevel: "debug" }],
    [{ UUE_DEBUG: "0" }, {}],
    [{ UUE_LOG_FORMAT: "json" }, { logFormat: "json" }],
    [{ TZ: "Europe/Berlin" }, { timeZone: "Europe/Berlin" }],
    [{ UUE_WEB_LISTEN_ADDRESS: ":1, :2" }, {
      listenAddresses: [tcp(":1", null, 1), tcp(":2", null, 2)],
    }],
  ] as const
) {
  Deno.test(`environment: ${JSON.stringify(environment)}`, () => {
    assertEquals(configOf([], environment), { ...DEFAULTS, ...expected });
  });
}

for (
  const [name, value, allowed] of [
    ["UUE_DEBUG", "maybe", "true or false"],
    ["UUE_LOG_LEVEL", "loud", "one of debug, info, warn, error"],
    ["UUE_WEB_MAX_REQUESTS", "x", "a number from 0 to 9999999"],
  ] as const
) {
  Deno.test(`misuse: ${name}=${value}`, () => {
    assertEquals(configOf([], { [name]: value }), `${name} must be ${allowed}, not "${value}"`);
  });
}

for (const name of ["UUE_DEBUG", "UUE_UTMP_PATH", "TZ"]) {
  Deno.test(`${name} that is not UTF-8 is misuse`, () => {
    const outcome = readConfig([], (asked) => {
      if (asked === name) throw new Deno.errors.InvalidData("not valid unicode");
      return undefined;
    });
    assertEquals(outcome, { ok: false, error: `the environment variable ${name} is not UTF-8` });
  });
}

Deno.test("a flag has priority over the environment", () => {
  const environment = { UUE_UTMP_PATH: "/e", UUE_DEBUG: "true", UUE_WEB_LISTEN_ADDRESS: ":1" };
  const args = ["--utmp-path=/f", "--debug=false", "--web.listen-address=:2"];
  const expected = { ...DEFAULTS, utmpPath: "/f", listenAddresses: [tcp(":2", null, 2)] };
  assertEquals(configOf(args, environment), expected);
});

Deno.test("each option is in the help with its default and its variable", () => {
  const help = helpText();
  for (const name of OPTION_NAMES) {
    const { defaultValue, help: text } = OPTIONS[name];
    const suffix = defaultValue === "" ? "" : ` (default ${defaultValue})`;
    assertStringIncludes(help, `\n  ${usageOf(name)}${suffix}\n      ${text}\n`);
    assertStringIncludes(help, `      ${environmentName(name)}`);
  }
});

Deno.test("each option has its own variable, and the program is allowed to read it", () => {
  assertEquals(new Set(OPTION_NAMES.map(environmentName)).size, OPTION_NAMES.length);
  for (const name of OPTION_NAMES) assert(environmentName(name).startsWith("UUE_"));
});
