import { assert, assertEquals } from "../support/assert.ts";
import { program, testNeeding } from "../support/needs.ts";
import { succeed } from "../support/succeed.ts";
import { run } from "../support/program.ts";
import { tempDir } from "../support/temp_dir.ts";

const UNIT = "packaging/unix-user-exporter.service";

/** The worst exposure level that the unit may have; 10 is that of a unit without any protection. */
const EXPOSURE = 2.0;

testNeeding(
  [program("systemd-analyze")],
  "the unit is hardened, with the drop-ins too",
  async () => {
    await using dir = await tempDir();
    const all = dir.join("all.service");
    // A unit is a list of settings, so a drop-in at its end has the same effect as in its own directory.
    const files = [UNIT, "packaging/host.conf", "packaging/past-logins.conf"];
    const texts = await Promise.all(files.map((file) => Deno.readTextFile(file)));
    await Deno.writeTextFile(all, texts.join("\n"));
    for (const unit of [UNIT, all]) {
      const report = await succeed(
        "systemd-analyze",
        "security",
        "--offline=true",
        "--no-pager",
        unit,
      );
      const [, level] = /Overall exposure level for \S+: ([\d.]+)/.exec(report) ?? [];
      assert(Number(level) <= EXPOSURE, `${unit}: ${report}`);
    }
  },
);

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

testNeeding([program("systemd-analyze")], "systemd finds no fault with the unit", async () => {
  await using dir = await tempDir();
  const unit = dir.join("unix-user-exporter.service");
  // The program and its manual page are not installed on this machine.
  const text = (await Deno.readTextFile(UNIT)).replace(/^ExecStart=\S+/m, "ExecStart=/bin/true");
  await Deno.writeTextFile(unit, text);
  assertEquals(await run(["systemd-analyze", "verify", "--man=false", unit]), {
    code: 0,
    stdout: "",
    stderr: "",
  });
});
