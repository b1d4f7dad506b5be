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
import { infoOf, login, writeUtmp } from "../support/utmp_file.ts";
import { until } from "../support/wait.ts";

const INFO = "unix_user_session_info";
const STALE = "unix_stale_sessions";

/** A process id that no Linux gives: the largest pid_max. */
const NO_PROCESS = 4_194_304;

async function bootTime(): Promise<number> {
  return Number(/^btime (\d+)$/m.exec(await succeed("cat", "/proc/stat"))?.[1]);
}

testNeeding(
  [ROOT_USER, MOUNTS, ...["sshd", "ssh", "ssh-keygen", "install"].map(program)],
  "a session whose process was killed is stale, and a terminal is idle since it was read",
  async () => {
    await using dir = await tempDir();
    await using mounts = await hostMounts(dir);
    await using _ = await accountingFiles();
    await using exporter = await startExporter([
      `--utmp-path=${UTMP_PATH}`,
      `--path.procfs=${mounts.procfs}`,
      `--path.devfs=${mounts.devfs}`,
    ]);
    await using sshd = await startSshd(dir);
    const before = seriesOf(await exporter.scrape(), INFO);
    await using first = await sshd.login();
    const scrape = await until("both sessions", async () => {
      const text = await exporter.scrape();
      return seriesOf(text, INFO).length === before.length + 1 ? text : null;
    });
    const labels = `{username="root",from="127.0.0.1",tty="${first.line}"}`;
    const idle = seriesOf(scrape, "unix_session_idle_seconds");
    assert(
      idle.some((line) => line.startsWith(`unix_session_idle_seconds${labels} `)),
      idle.join(),
    );

    await succeed("touch", "-a", "-d", "5 minutes ago", `/dev/${first.line}`);
    const idleLine = seriesOf(await exporter.scrape(), "unix_session_idle_seconds")
      .find((line) => line.includes(labels)) ?? "";
    const seconds = Number(idleLine.split(" ").at(-1));
    assert(300 <= seconds && seconds < 330, idleLine);
    const stale = valueOf(await exporter.scrape(), STALE);

    // As in a crash: nobody is left to write that the session has ended.
    const record = new RegExp(`^\\[7\\] \\[0*(\\d+)\\] .*\\[${first.line} *\\]`, "m");
    const [, pid = ""] = record.exec(await succeed("utmpdump", UTMP_PATH)) ?? [];
    const [parent = ""] = (await succeed("ps", "-o", "ppid=", "-p", pid)).trim().split(" ");
    await succeed("kill", "-KILL", parent, pid);
    await until("the end of the process", async () => {
      const { stdout } = await run(["ps", "-o", "stat=", "-p", pid]);
      return /^(Z.*)?$/.test(stdout.trim()) ? true : null;
    });
    // Processes are looked at again when the file changes, not only every 15 s: an empty record will do.
    const empty = new Uint8Array(LAYOUTS[Deno.build.arch === "aarch64" ? "400le" : "384le"].size);
    await Deno.writeFile(UTMP_PATH, empty, { append: true });
    await until("the stale session", async () => {
      const text = await exporter.scrape();
      return valueOf(text, STALE) === stale + 1 && seriesOf(text, INFO).length === before.length
        ? text
        : null;
    });
  },
);

/** A file of this boot with a session of a process that there is not. */
async function writeStale(path: string): Promise<void> {
  await writeUtmp(path, [
    { type: "boot_time", line: "~", user: "reboot", seconds: await bootTime() },
    { ...login("alice", "pts/0"), pid: NO_PROCESS },
  ]);
}

testNeeding([MOUNTS], "the boot record shows that the procfs is that of the machine", async () => {
  await using dir = await tempDir();
  await using mounts = await hostMounts(dir);
  const path = dir.join("utmp");
  await writeStale(path);
  await using exporter = await startExporter([
    `--utmp-path=${path}`,
    `--path.procfs=${mounts.procfs}`,
  ]);
  const scrape = await exporter.scrape();
  assertEquals(seriesOf(scrape, INFO, STALE), [`${STALE} 1`]);
  assertEquals(linesWith((await exporter.stop()).stderr, "stale sessions are not detected"), []);
});

testNeeding(
  [MOUNTS],
  "a boot record from before the clock was set: the kernel tells the time of boot, and stale sessions are found",
  async () => {
    await using dir = await tempDir();
    await using mounts = await hostMounts(dir);
    const path = dir.join("utmp");
    await writeUtmp(path, [
      { type: "boot_time", line: "~", user: "reboot", seconds: 5 },
      { ...login("alice", "pts/0"), pid: NO_PROCESS },
    ]);
    const args = [`--utmp-path=${path}`, `--path.procfs=${mounts.procfs}`];
    await using exporter = await startExporter(args);
    const scrape = await exporter.scrape();
    assertEquals(seriesOf(scrape, INFO, STALE, "unix_boot_time_seconds"), [
      `unix_boot_time_seconds ${await bootTime()}`,
      `${STALE} 1`,
    ]);
  },
);

testNeeding(
  [MOUNTS, program("unshare")],
  "the procfs of a container makes no session stale, and one line says that it is not used",
  async () => {
    await using dir = await tempDir();
    const [path, procfs] = [dir.join("utmp"), dir.join("proc")];
    await writeStale(path);
    await Deno.mkdir(procfs);
    const script = `mount -t proc proc "$0" && echo mounted && read -r end`;
    await using container = new Peer(["unshare", "--pid", "--fork", "sh", "-c", script, procfs]);
    await container.printed(/mounted/);
    try {
      await using exporter = await startExporter([
        `--utmp-path=${path}`,
        `--path.procfs=${procfs}`,
      ]);
      for (const _ of [1, 2]) {
        assertEquals(seriesOf(await exporter.scrape(), INFO, STALE), [infoOf("alice", "pts/0")]);
      }
      const { stderr } = await exporter.stop();
      const lines = linesWith(stderr, "stale sessions are not detected");
      assertEquals(lines.length, 1);
      assertMatch(lines[0] ?? "", / error="cannot confirm that the procfs and the records/);
    } finally {
      await succeed("umount", procfs);
      await container.type("\n");
      await container.ended();
    }
  },
);
