import { assert, assertEquals } from "../support/assert.ts";
import { program, testNeeding } from "../support/needs.ts";
import { run } from "../support/program.ts";
import { succeed } from "../support/succeed.ts";
import { tempDir } from "../support/temp_dir.ts";

const UNIT = "packaging/unix-user-exporter.service";
const TEXTFILE = "packaging/unix-user-exporter-textfile";

const ANALYZE = [program("systemd-analyze")];

/** The worst exposure level that a service may have; 10 is that of one without any protection. */
const EXPOSURE = 2.0;

// A unit is a list of settings, so a drop-in at its end has the same effect as in its own directory.
for (
  const files of [
    [UNIT],
    [UNIT, "packaging/host.conf", "packaging/past-logins.conf"],
    [`${TEXTFILE}.service`],
  ]
) {
  testNeeding(ANALYZE, `the service is hardened: ${files.join(", ")}`, async () => {
    await using dir = await tempDir();
    const unit = dir.join("unix-user-exporter.service");
    const texts = await Promise.all(files.map((file) => Deno.readTextFile(file)));
    await Deno.writeTextFile(unit, texts.join("\n"));
    const flags = ["--offline=true", "--no-pager"];
    const report = await succeed("systemd-analyze", "security", ...flags, unit);
    const [, level] = /Overall exposure level for \S+: ([\d.]+)/.exec(report) ?? [];
    assert(Number(level) <= EXPOSURE, report);
  });
}

/** How long the program may take to start and to fail, on the slowest machine, in seconds. */
const SLOWEST_FAILURE = 20;

Deno.test("restarts without end reach the start limit", async () => {
  const unit = await Deno.readTextFile(UNIT);
  const setting = (name: string): number =>
    Number(new RegExp(`^${name}=(\\d+)$`, "m").exec(unit)?.[1]);
  const burst = setting("StartLimitBurst");
  const longest = burst * (setting("RestartSec") + SLOWEST_FAILURE);
  assert(longest < setting("StartLimitIntervalSec"), `${burst} starts take ${longest} s`);
});

testNeeding(ANALYZE, "systemd finds no fault with the units", async () => {
  await using dir = await tempDir();
  const unit = dir.join("unix-user-exporter.service");
  // The program and its manual page are not installed on this machine.
  const text = (await Deno.readTextFile(UNIT)).replace(/^ExecStart=\S+/m, "ExecStart=/bin/true");
  await Deno.writeTextFile(unit, text);
  const units = [unit, `${TEXTFILE}.service`, `${TEXTFILE}.timer`];
  const expected = { code: 0, stdout: "", stderr: "" };
  assertEquals(await run(["systemd-analyze", "verify", "--man=false", ...units]), expected);
});
