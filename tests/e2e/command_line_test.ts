import { BUILD } from "../../lib/build_info.ts";
import { helpText } from "../../lib/cli/options.ts";
import { assertEquals, assertMatch } from "../support/assert.ts";
import { runExporter } from "../support/program.ts";
import { fixture } from "../support/temp_dir.ts";

const FILE = fixture("x86_64.utmp").pathname;
const HINT = "--help lists the flags";

/** Command lines and environments that ask for nothing that exists, and what is said about each. */
const MISUSES: readonly {
  readonly args: readonly string[];
  readonly env?: Record<string, string>;
  readonly says: string;
}[] = [
  { args: ["--bogus"], says: `unknown flag "--bogus"; ${HINT}` },
  { args: ["-bogus=1"], says: `unknown flag "-bogus=1"; ${HINT}` },
  { args: ["serve"], says: `unexpected argument "serve"; ${HINT}` },
  { args: ["--version", "now"], says: `unexpected argument "now"; ${HINT}` },
  { args: ["--utmp-path"], says: `--utmp-path needs a value; ${HINT}` },
  { args: ["--utmp-path="], says: `--utmp-path needs a value; ${HINT}` },
  { args: ["--debug=maybe"], says: '--debug must be true or false, not "maybe"' },
  {
    args: ["--utmp-layout=9"],
    says:
      '--utmp-layout must be one of auto, 384le, 384be, 400le, 400be, 392le, 392be, 382be, not "9"',
  },
  {
    args: ["--log.level=loud"],
    says: '--log.level must be one of debug, info, warn, error, not "loud"',
  },
  { args: ["--log.format=xml"], says: '--log.format must be one of logfmt, json, not "xml"' },
  {
    args: ["--web.listen-address=here"],
    says:
      '--web.listen-address must be [HOST]:PORT, with an IPv6 address in brackets, or unix:/PATH, not "here"',
  },
  {
    args: ["--web.listen-address=:65536"],
    says:
      '--web.listen-address must be [HOST]:PORT, with an IPv6 address in brackets, or unix:/PATH, not ":65536"',
  },
  {
    args: ["--web.telemetry-path=metrics"],
    says:
      '--web.telemetry-path must be a URL path that begins with / and is not a health check path, not "metrics"',
  },
  {
    args: ["--web.telemetry-path=/-/ready"],
    says:
      '--web.telemetry-path must be a URL path that begins with / and is not a health check path, not "/-/ready"',
  },
  {
    args: [],
    env: { UUE_LOG_FORMAT: "xml" },
    says: 'UUE_LOG_FORMAT must be one of logfmt, json, not "xml"',
  },
  { args: [], env: { UUE_DEBUG: "yes" }, says: 'UUE_DEBUG must be true or false, not "yes"' },
];

for (const { args, env = {}, says } of MISUSES) {
  const words = [...Object.entries(env).map(([name, value]) => `${name}=${value}`), ...args];
  Deno.test(`${words.join(" ")} is refused with exit code 2 and one line`, async () => {
    const expected = { code: 2, stdout: "", stderr: `unix-user-exporter: ${says}\n` };
    assertEquals(await runExporter(args, { env }), expected);
  });
}

for (const name of ["UUE_UTMP_PATH", "TZ"]) {
  Deno.test(`${name} that is not UTF-8 is refused with exit code 2 and one line`, async () => {
    const prefix = ["bash", "-c", `export ${name}=$'a\\xff'; exec "$@"`, "bash"];
    assertEquals(await runExporter(["--once", `--utmp-path=${FILE}`], { prefix }), {
      code: 2,
      stdout: "",
      stderr: `unix-user-exporter: the environment variable ${name} is not UTF-8\n`,
    });
  });
}

Deno.test("--version prints the program, its version, build and runtime", async () => {
  const { code, stdout, stderr } = await runExporter(["--version"]);
  assertEquals({ code, stderr }, { code: 0, stderr: "" });
  const [first, ...rest] = stdout.split("\n");
  assertMatch(first ?? "", /^unix-user-exporter, version \S+ \(branch: \S+, revision: \S+\)$/);
  assertEquals((first ?? "").split(" ")[2], BUILD.version);
  const [date = "", runtime = "", ...platform] = rest;
  assertMatch(date, /^ +build date: +(unknown|\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ)$/);
  assertMatch(runtime, /^ +deno version: \S+$/);
  // The executable for armv7 of the tests is made of another Node than the one of releases.
  const shape = /^ +platform: +linux\/(x86_64|aarch64|armv7)(\n +warning: +made of Node .*)?\n$/;
  assertMatch(platform.join("\n"), shape);
});

for (const flag of ["--help", "-help", "-h"]) {
  Deno.test(`${flag} prints the flags and exits with 0`, async () => {
    assertEquals(await runExporter([flag]), { code: 0, stdout: `${helpText()}\n`, stderr: "" });
  });
}

/** Ways to ask for the same dump; a flag wins over its variable. */
const SPELLINGS: readonly {
  readonly args: readonly string[];
  readonly env?: Record<string, string>;
}[] = [
  { args: ["--dump", `--utmp-path=${FILE}`] },
  { args: ["--dump", "--utmp-path", FILE] },
  { args: ["-dump", `-utmp-path=${FILE}`] },
  { args: ["-dump", "-utmp-path", FILE] },
  { args: ["-dump=true", "--once=false", "-utmp-path", FILE] },
  { args: ["--dump=T", "--utmp-path=/nonexistent", `--utmp-path=${FILE}`] },
  { args: ["--dump"], env: { UUE_UTMP_PATH: FILE } },
  { args: [], env: { UUE_UTMP_PATH: FILE, UUE_DUMP: "true" } },
  { args: ["--dump", `--utmp-path=${FILE}`], env: { UUE_UTMP_PATH: "/nonexistent" } },
  { args: ["--version=false"], env: { UUE_UTMP_PATH: FILE, UUE_DUMP: "1", UUE_VERSION: "1" } },
  { args: ["--dump", `--utmp-path=${FILE}`], env: { UUE_UTMP_LAYOUT: "" } },
];

for (const { args, env = {} } of SPELLINGS) {
  const words = [...Object.entries(env).map(([name, value]) => `${name}=${value}`), ...args];
  const name = words.join(" ").replaceAll(FILE, "FILE");
  Deno.test(`${name} dumps FILE`, async () => {
    const { code, stdout, stderr } = await runExporter(args, { env });
    assertEquals({ code, stderr }, { code: 0, stderr: "" });
    assertEquals([...stdout.matchAll(/"user":"(\w*)"/g)].map(([, user]) => user), [
      "reboot",
      "runlevel",
      "",
      "LOGIN",
      "bob",
      "alice",
      "",
      "alice",
    ]);
  });
}

Deno.test("the utmp file is /var/run/utmp by default", async () => {
  // Whether this machine has the file or not, the log names it.
  const { stderr } = await runExporter(["--once", "--debug"]);
  assertEquals([...new Set(stderr.match(/(?<= path=)\S+/g))], ["/var/run/utmp"]);
});
