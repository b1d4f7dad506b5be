import { type Config, readConfig } from "../../lib/cli/config.ts";
import {
  environmentName,
  helpText,
  OPTION_NAMES,
  OPTIONS,
  usageOf,
} from "../../lib/cli/options.ts";
import { assert, assertEquals, assertStringIncludes } from "../support/assert.ts";

const DEFAULTS: Config = {
  mode: "serve",
  listenAddresses: [{ kind: "tcp", text: ":32142", hostname: null, port: 32142 }],
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
    ["--utmp-path=/x", { utmpPath: "/x" }],
    ["--utmp-path /x", { utmpPath: "/x" }],
    ["-utmp-path=/x", { utmpPath: "/x" }],
    ["-utmp-path /x", { utmpPath: "/x" }],
    ["--utmp-path=/x --utmp-path=/y", { utmpPath: "/y" }],
    ["--utmp-path=/x=y", { utmpPath: "/x=y" }],
    ["--utmp-path=7", { utmpPath: "7" }],
    ["--utmp-path -h", { utmpPath: "-h" }],
    ["-utmp-path --debug --debug", {
      utmpPath: "--debug",
      logLevel: "debug",
    }],
    ["--users.exclude -x", { usersExclude: "-x" }],
    ["--users.include=", {}],
    ["-debug", { logLevel: "debug" }],
    ["--debug -utmp-path=/x", { logLevel: "debug", utmpPath: "/x" }],
    ["--debug=true", { logLevel: "debug" }],
    ["--debug=1", { logLevel: "debug" }],
    ["--debug=T", { logLevel: "debug" }],
    ["--debug=false", {}],
    ["-debug=0", {}],
    ["--debug=F", {}],
    ["--log.level=warn", { logLevel: "warn" }],
    ["--log.level=error --debug", { logLevel: "debug" }],
    ["--log.format json", { logFormat: "json" }],
    ["--utmp-layout=400be", { utmpLayout: "400be" }],
    ["--web.telemetry-path=/", { telemetryPath: "/" }],
    ["-web.telemetry-path /a/b", { telemetryPath: "/a/b" }],
    ["--web.disable-exporter-metrics", { disableExporterMetrics: true }],
    ["--web.listen-address=localhost:9", {
      listenAddresses: [{ kind: "tcp", text: "localhost:9", hostname: "localhost", port: 9 }],
    }],
    ["-web.listen-address :1 --web.listen-address=[::1]:2", {
      listenAddresses: [
        { kind: "tcp", text: ":1", hostname: null, port: 1 },
        { kind: "tcp", text: "[::1]:2", hostname: "::1", port: 2 },
      ],
    }],
    ["--source=logind --logind-path=/h", { source: "logind", logindPath: "/h" }],
    ["--path.procfs=/host/proc --path.devfs=/host/dev", {
      procfsPath: "/host/proc",
      devfsPath: "/host/dev",
    }],
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
    ["--once", { mode: "once" }],
    ["--dump", { mode: "dump" }],
    ["--healthcheck", { mode: "healthcheck" }],
    ["--version --once", { mode: "version" }],
    ["--help --version", { mode: "help" }],
    ["-h", { mode: "help" }],
    ["-help", { mode: "help" }],
  ] as const
) {
  Deno.test(`flags: ${args}`, () => {
    assertEquals(configOf(args === "" ? [] : args.split(" ")), { ...DEFAULTS, ...expected });
  });
}

for (
  const [args, error] of [
    [
      ["--dump", "--wtmp-path=/w", "--btmp-path=/b"],
      "--dump takes one file: --wtmp-path or --btmp-path",
    ],
    [["--nope"], 'unknown flag "--nope"; --help lists the flags'],
    [["-n"], 'unknown flag "-n"; --help lists the flags'],
    [["--no-debug"], 'unknown flag "--no-debug"; --help lists the flags'],
    [["--web"], 'unknown flag "--web"; --help lists the flags'],
    [["--web/config/file", "x"], 'unknown flag "--web/config/file"; --help lists the flags'],
    [["--web.listen=:1"], 'unknown flag "--web.listen=:1"; --help lists the flags'],
    [["--__proto__=x"], 'unknown flag "--__proto__=x"; --help lists the flags'],
    [["--constructor.x=1"], 'unknown flag "--constructor.x=1"; --help lists the flags'],
    [["--n\u001b[31m\n"], 'unknown flag "--n\\u001b[31m\\n"; --help lists the flags'],
    [["/run/utmp"], 'unexpected argument "/run/utmp"; --help lists the flags'],
    [["--debug", "yes"], 'unexpected argument "yes"; --help lists the flags'],
    [["--", "x"], 'unexpected argument "x"; --help lists the flags'],
    [["--utmp-path"], "--utmp-path needs a value; --help lists the flags"],
    [["--users.include"], "--users.include needs a value; --help lists the flags"],
    [["--utmp-path="], "--utmp-path needs a value; --help lists the flags"],
    [["--web.listen-address="], "--web.listen-address needs a value; --help lists the flags"],
    [["--debug=maybe"], '--debug must be true or false, not "maybe"'],
    [["--debug="], '--debug must be true or false, not ""'],
    [["--log.level=loud"], '--log.level must be one of debug, info, warn, error, not "loud"'],
    [["--log.format=xml"], '--log.format must be one of logfmt, json, not "xml"'],
    [
      ["--utmp-layout=384"],
      '--utmp-layout must be one of auto, 384le, 384be, 400le, 400be, 392le, 392be, 382be, not "384"',
    ],
    [["--web.max-requests=x"], '--web.max-requests must be a number from 0 to 9999999, not "x"'],
    [["--source=wtmp"], '--source must be one of auto, utmp, logind, not "wtmp"'],
    [
      ["--labels.drop=ip"],
      '--labels.drop must be one of username, from, tty, login_time, not "ip"',
    ],
    ...["-1", "1.5", "many", "12345678"].map((value) =>
      [
        [`--sessions.max-series=${value}`],
        `--sessions.max-series must be a number from 0 to 9999999, not "${value}"`,
      ] as const
    ),
    [
      ["--web.listen-address=32142"],
      "--web.listen-address must be [HOST]:PORT, with an IPv6 address in brackets, " +
      'or unix:/PATH, not "32142"',
    ],
    [
      ["--web.telemetry-path=metrics"],
      '--web.telemetry-path must be a URL path that begins with / and is not a health check path, not "metrics"',
    ],
    [
      ["--web.telemetry-path=/-/ready"],
      '--web.telemetry-path must be a URL path that begins with / and is not a health check path, not "/-/ready"',
    ],
    [
      ["--web.telemetry-path=/a?b"],
      '--web.telemetry-path must be a URL path that begins with / and is not a health check path, not "/a?b"',
    ],
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
      listenAddresses: [
        { kind: "tcp", text: ":1", hostname: null, port: 1 },
        { kind: "tcp", text: ":2", hostname: null, port: 2 },
      ],
    }],
  ] as const
) {
  Deno.test(`environment: ${JSON.stringify(environment)}`, () => {
    assertEquals(configOf([], environment), { ...DEFAULTS, ...expected });
  });
}

Deno.test("a bad value in the environment is misuse", () => {
  assertEquals(
    configOf([], { UUE_DEBUG: "maybe" }),
    'UUE_DEBUG must be true or false, not "maybe"',
  );
  assertEquals(
    configOf([], { UUE_LOG_LEVEL: "loud" }),
    'UUE_LOG_LEVEL must be one of debug, info, warn, error, not "loud"',
  );
  assertEquals(
    configOf([], { UUE_WEB_MAX_REQUESTS: "x" }),
    'UUE_WEB_MAX_REQUESTS must be a number from 0 to 9999999, not "x"',
  );
});

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
  assertEquals(
    configOf(["--utmp-path=/f", "--debug=false", "--web.listen-address=:2"], environment),
    {
      ...DEFAULTS,
      utmpPath: "/f",
      listenAddresses: [{ kind: "tcp", text: ":2", hostname: null, port: 2 }],
    },
  );
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
