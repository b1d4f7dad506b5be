import { assertEquals } from "../support/assert.ts";
import { run } from "../support/program.ts";

const SCRIPT = "packaging/openrc/unix-user-exporter";

Deno.test("a shell takes the OpenRC script, which has the limits of the systemd unit", async () => {
  // The interpreter, openrc-run, reads it as a POSIX shell does.
  const print =
    '. "$1"; depend() { :; }; echo "$command $command_user $respawn_delay $respawn_max $respawn_period $rc_ulimit"';
  const finished = await run(["sh", "-euc", print, "sh", SCRIPT]);
  const unit = await Deno.readTextFile("packaging/unix-user-exporter.service");
  const setting = (name: string): string =>
    new RegExp(`^${name}=(\\S+)`, "m").exec(unit)?.[1] ?? "";
  const expected = [
    setting("ExecStart"),
    "nobody",
    ...["RestartSec", "StartLimitBurst", "StartLimitIntervalSec"].map(setting),
    `-n ${setting("LimitNOFILE")}`,
  ];
  assertEquals(finished, { code: 0, stdout: `${expected.join(" ")}\n`, stderr: "" });
});
