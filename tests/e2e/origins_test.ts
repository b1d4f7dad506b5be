import { assertEquals } from "../support/assert.ts";
import { runExporter } from "../support/program.ts";
import { seriesOf } from "../support/samples.ts";
import { fixture } from "../support/temp_dir.ts";

/** The series of a metric in the output of `--once` that are not 0, without the name of the metric. */
async function exposed(file: string, name: string): Promise<readonly string[]> {
  const path = fixture(`hosts/${file}.utmp`).pathname;
  const { code, stdout, stderr } = await runExporter(["--once", `--utmp-path=${path}`]);
  assertEquals({ code, stderr }, { code: 0, stderr: "" });
  return seriesOf(stdout, name).filter((line) => !line.endsWith(" 0"))
    .map((line) => line.slice(name.length));
}

const BY_IP = "unix_user_session_by_ip";
const INFO = "unix_user_session_info";
const KINDS = "unix_sessions";

const LOGIN_TIME = 'login_time="2023-11-14 22:30"';

Deno.test("mosh and Eternal Terminal: the origin is the address, without process ids", async () => {
  assertEquals(await exposed("mosh", BY_IP), ['{ip="192.0.2.7"} 1']);
  assertEquals(await exposed("mosh", INFO), [
    `{username="alice",from="-",tty="pts/1",${LOGIN_TIME}} 1`,
    `{username="alice",from="192.0.2.7",tty="pts/0",${LOGIN_TIME}} 1`,
    `{username="bob",from="-",tty="pts/2",${LOGIN_TIME}} 1`,
  ]);
  assertEquals(await exposed("mosh", KINDS), ['{kind="pty",remote="true"} 3']);
});

Deno.test("windows of screen have no origin and are not remote", async () => {
  assertEquals(await exposed("screen", BY_IP), []);
  assertEquals(await exposed("screen", KINDS), ['{kind="pty",remote="false"} 5']);
  const infos = await exposed("screen", INFO);
  assertEquals(infos.map((info) => info.includes('from="-"')), Array(5).fill(true));
});

Deno.test("sessions of remote desktops and display managers are graphical", async () => {
  assertEquals(await exposed("remote-desktop", KINDS), [
    '{kind="graphical",remote="false"} 1',
    '{kind="graphical",remote="true"} 3',
  ]);
  const addresses = ["192.0.2.10", "192.0.2.3", "192.0.2.9"];
  assertEquals(await exposed("remote-desktop", BY_IP), addresses.map((ip) => `{ip="${ip}"} 1`));
});

Deno.test("an IPv4-mapped address and the IPv4 address are one origin", async () => {
  assertEquals(await exposed("one-client-two-notations", BY_IP), ['{ip="192.0.2.7"} 2']);
});

Deno.test("a boot record from before the clock was set is no time of boot", async () => {
  assertEquals(await exposed("boot-1970", "unix_boot_time_seconds"), []);
});
