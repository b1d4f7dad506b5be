import { BUILD } from "../../lib/build_info.ts";
import { helpText } from "../../lib/cli/options.ts";
import { assertEquals, assertMatch } from "../support/assert.ts";
import { runExporter } from "../support/program.ts";
import { fixture } from "../support/temp_dir.ts";

const FILE = fixture("x86_64.utmp").pathname;

type Environment = Readonly<Record<string, string>>;

/** A command line as a shell would take it, for the name of a test. */
function named(args: readonly string[], env: Environment): string {
  const variables = Object.entries(env).map(([name, value]) => `${name}=${value}`);
  return [...variables, ...args].join(" ").replaceAll(FILE, "FILE");
}

// tests/cli/config_test.ts has every kind of misuse.
for (
  const [args, env, says] of [
    [["--bogus"], {}, 'unknown flag "--bogus"; --help lists the flags'],
    [[], { UUE_DEBUG: "yes" }, 'UUE_DEBUG must be true or false, not "yes"'],
  ] as const
) {
  Deno.test(`${named(args, env)} is refused with exit code 2 and one line`, async () => {
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
  const [first = "", date = "", runtime = "", ...platform] = stdout.split("\n");
  assertMatch(first, /^unix-user-exporter, version \S+ \(branch: \S+, revision: \S+\)$/);
  assertEquals(first.split(" ")[2], BUILD.version);
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

for (
  const [args, env] of [
    [["--dump", `--utmp-path=${FILE}`], {}],
    [["-dump=true", "--once=false", "-utmp-path", FILE], {}],
    [["--dump=T", "--utmp-path=/nonexistent", `--utmp-path=${FILE}`], {}],
    [[], { UUE_UTMP_PATH: FILE, UUE_DUMP: "true" }],
    [["--dump", `--utmp-path=${FILE}`], { UUE_UTMP_PATH: "/nonexistent", UUE_UTMP_LAYOUT: "" }],
    [["--version=false"], { UUE_UTMP_PATH: FILE, UUE_DUMP: "1", UUE_VERSION: "1" }],
  ] as const satisfies readonly (readonly [readonly string[], Environment])[]
) {
  Deno.test(`${named(args, env)} dumps FILE`, async () => {
    const { code, stdout, stderr } = await runExporter(args, { env });
    assertEquals({ code, stderr }, { code: 0, stderr: "" });
    assertEquals(
      [...stdout.matchAll(/"user":"(\w*)"/g)].map(([, user]) => user),
      ["reboot", "runlevel", "", "LOGIN", "bob", "alice", "", "alice"],
    );
  });
}

Deno.test("the utmp file is /var/run/utmp by default", async () => {
  // Whether this machine has the file or not, the log names it.
  const { stderr } = await runExporter(["--once", "--debug"]);
  assertEquals([...new Set(stderr.match(/(?<= path=)\S+/g))], ["/var/run/utmp"]);
});
