import { LAYOUTS } from "../../lib/utmp/layout.ts";
import { assert, assertEquals, assertMatch } from "../support/assert.ts";
import { startExporter } from "../support/exporter.ts";
import { hostMounts, MOUNTS } from "../support/host_mounts.ts";
import { linesWith } from "../support/log_lines.ts";
import { program, ROOT_USER, testNeeding } from "../support/needs.ts";
import { Peer } from "../support/peer.ts";
import { run } from "../support/program.ts";
import { seriesOf, valueOf } from "../support/samples.ts";
import { accountingFiles, startSshd, UTMP_PATH } from "../support/sshd.ts";
import { succeed } from "../support/succeed.ts";
import { tempDir } from "../support/temp_dir.ts";
import { infoOf, login, type UtmpFile, utmpFile } from "../support/utmp_file.ts";
import { until } from "../support/wait.ts";

const INFO = "unix_user_session_info";
const STALE = "unix_stale_sessions";

/** A process id that no Linux gives: the largest pid_max. */
const NO_PROCESS = 4_194_304;

async function bootTime(): Promise<number> {
  return Number(/^btime (\d+)$/m.exec(await succeed("cat", "/proc/stat"))?.[1]);
}

const SSHD_NEEDS = [ROOT_USER, MOUNTS, ...["sshd", "ssh", "ssh-keygen", "install"].map(program)];

testNeeding(SSHD_NEEDS, "a terminal becomes idle, a session without process stale", async () => {
  await using dir = await tempDir();
  await using mounts = await hostMounts(dir);
  await using _ = await accountingFiles();
  await using exporter = await startExporter([
    `--utmp-path=${UTMP_PATH}`,
    `--path.procfs=${mounts.procfs}`,
    `--path.devfs=${mounts.devfs}`,
  ]);
  await using sshd = await startSshd(dir);
  const before = seriesOf(await exporter.scrape(), INFO).length;
  await using session = await sshd.login();
  await until("the session", async () => {
    return seriesOf(await exporter.scrape(), INFO).length === before + 1 ? true : null;
  });
  const idle = `unix_session_idle_seconds{username="root",from="127.0.0.1",tty="${session.line}"} `;
  const idleLine = async (): Promise<string | undefined> =>
    (await exporter.scrape()).split("\n").find((line) => line.startsWith(idle));
  assert(await idleLine() !== undefined);
  await succeed("touch", "-a", "-d", "5 minutes ago", `/dev/${session.line}`);
  const seconds = Number((await idleLine())?.slice(idle.length));
  assert(300 <= seconds && seconds < 330, `${seconds}`);
  const stale = valueOf(await exporter.scrape(), STALE);

  // As in a crash: no process is left to write the end of the session.
  const record = new RegExp(`^\\[7\\] \\[0*(\\d+)\\] .*\\[${session.line} *\\]`, "m");
  const [, pid = ""] = record.exec(await succeed("utmpdump", UTMP_PATH)) ?? [];
  const parent = (await succeed("ps", "-o", "ppid=", "-p", pid)).trim();
  await succeed("kill", "-KILL", parent, pid);
  await until("the end of the process", async () => {
    const { stdout } = await run(["ps", "-o", "stat=", "-p", pid]);
    return /^(Z.*)?$/.test(stdout.trim()) ? true : null;
  });
  // A change of the file, such as an empty record, checks processes at once instead of after 15 s.
  const empty = new Uint8Array(LAYOUTS[Deno.build.arch === "aarch64" ? "400le" : "384le"].size);
  await Deno.writeFile(UTMP_PATH, empty, { append: true });
  await until("the stale session", async () => {
    const text = await exporter.scrape();
    const isStale = valueOf(text, STALE) === stale + 1;
    return isStale && seriesOf(text, INFO).length === before ? true : null;
  });
});

/** A file with a session of a process that does not exist. */
function staleFile(boot: number): Promise<UtmpFile> {
  return utmpFile([
    { type: "boot_time", line: "~", user: "reboot", seconds: boot },
    { ...login("alice", "pts/0"), pid: NO_PROCESS },
  ]);
}

for (
  const [what, boot] of [
    ["the boot record of this boot", await bootTime()],
    ["a boot record from before the clock was set", 5],
  ] as const
) {
  testNeeding([MOUNTS], `with ${what}, stale sessions are detected`, async () => {
    await using dir = await tempDir();
    await using mounts = await hostMounts(dir);
    await using file = await staleFile(boot);
    await using exporter = await startExporter([file.flag, `--path.procfs=${mounts.procfs}`]);
    const scrape = await exporter.scrape();
    assertEquals(seriesOf(scrape, INFO, STALE, "unix_boot_time_seconds"), [
      `unix_boot_time_seconds ${await bootTime()}`,
      `${STALE} 1`,
    ]);
    assertEquals(linesWith((await exporter.stop()).stderr, "stale sessions are not detected"), []);
  });
}

testNeeding([MOUNTS, program("unshare")], "the procfs of a container is not used", async () => {
  await using dir = await tempDir();
  await using file = await staleFile(await bootTime());
  const procfs = dir.join("proc");
  await Deno.mkdir(procfs);
  const script = `mount -t proc proc "$0" && echo mounted && read -r end`;
  await using container = new Peer(["unshare", "--pid", "--fork", "sh", "-c", script, procfs]);
  await container.printed(/mounted/);
  try {
    await using exporter = await startExporter([file.flag, `--path.procfs=${procfs}`]);
    for (const _ of [1, 2]) {
      assertEquals(seriesOf(await exporter.scrape(), INFO, STALE), [infoOf("alice", "pts/0")]);
    }
    const { stderr } = await exporter.stop();
    const [line = "", ...more] = linesWith(stderr, "stale sessions are not detected");
    assertEquals(more, []);
    assertMatch(line, / error="cannot confirm that the procfs and the records/);
  } finally {
    await succeed("umount", procfs);
    await container.type("\n");
    await container.ended();
  }
});
