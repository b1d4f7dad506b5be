import { assertEquals } from "../support/assert.ts";
import { runExporter } from "../support/program.ts";
import { seriesOf } from "../support/samples.ts";
import { fixture } from "../support/temp_dir.ts";

/** The series of these metrics in the output of `--once`. */
async function exposed(file: string, ...names: readonly string[]): Promise<readonly string[]> {
  const path = fixture(`hosts/${file}.utmp`).pathname;
  const { code, stdout, stderr } = await runExporter(["--once", `--utmp-path=${path}`]);
  assertEquals({ code, stderr }, { code: 0, stderr: "" });
  return seriesOf(stdout, ...names);
}

const BY_IP = "unix_user_session_by_ip";
const INFO = "unix_user_session_info";

/** The samples of `unix_sessions` that are not 0. */
async function kindsOf(file: string): Promise<readonly string[]> {
  return (await exposed(file, "unix_sessions")).filter((sample) => !sample.endsWith(" 0"));
}

Deno.test("mosh and Eternal Terminal: the origin is the address, without process ids", async () => {
  assertEquals(await exposed("mosh", BY_IP, INFO), [
    'unix_user_session_by_ip{ip="192.0.2.7"} 1',
    'unix_user_session_info{username="alice",from="-",tty="pts/1",login_time="2023-11-14 22:30"} 1',
    'unix_user_session_info{username="alice",from="192.0.2.7",tty="pts/0",login_time="2023-11-14 22:30"} 1',
    'unix_user_session_info{username="bob",from="-",tty="pts/2",login_time="2023-11-14 22:30"} 1',
  ]);
  assertEquals(await kindsOf("mosh"), ['unix_sessions{kind="pty",remote="true"} 3']);
});

Deno.test("windows of screen have no origin and are not remote", async () => {
  assertEquals(await exposed("screen", BY_IP), []);
  assertEquals(await kindsOf("screen"), ['unix_sessions{kind="pty",remote="false"} 5']);
  const infos = await exposed("screen", INFO);
  assertEquals(infos.length, 5);
  assertEquals(infos.filter((sample) => !sample.includes('from="-"')), []);
});

Deno.test("sessions of remote desktops and display managers are graphical", async () => {
  assertEquals(await kindsOf("remote-desktop"), [
    'unix_sessions{kind="graphical",remote="false"} 1',
    'unix_sessions{kind="graphical",remote="true"} 3',
  ]);
  assertEquals(await exposed("remote-desktop", BY_IP), [
    'unix_user_session_by_ip{ip="192.0.2.10"} 1',
    'unix_user_session_by_ip{ip="192.0.2.3"} 1',
    'unix_user_session_by_ip{ip="192.0.2.9"} 1',
  ]);
});

Deno.test("an IPv4-mapped address and the IPv4 address are one origin", async () => {
  assertEquals(await exposed("one-client-two-notations", BY_IP), [
    'unix_user_session_by_ip{ip="192.0.2.7"} 2',
  ]);
});

Deno.test("a boot record from before the clock was set is no time of boot", async () => {
  assertEquals(await exposed("boot-1970", "unix_boot_time_seconds"), []);
});
