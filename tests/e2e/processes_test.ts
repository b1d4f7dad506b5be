import { assertEquals, assertMatch } from "../support/assert.ts";
import { startExporter } from "../support/exporter.ts";
import { mountedProcfs, MOUNTS } from "../support/host_mounts.ts";
import { linesWith } from "../support/log_lines.ts";
import { program, testNeeding } from "../support/needs.ts";
import { Peer } from "../support/peer.ts";
import { seriesOf } from "../support/samples.ts";
import { succeed } from "../support/succeed.ts";
import { tempDir } from "../support/temp_dir.ts";
import { infoOf, login, type UtmpFile, utmpFile } from "../support/utmp_file.ts";

const INFO = "unix_user_session_info";
const STALE = "unix_stale_sessions";

/** A process id that no Linux gives: the largest pid_max. */
const NO_PROCESS = 4_194_304;

async function bootTime(): Promise<number> {
  return Number(/^btime (\d+)$/m.exec(await succeed("cat", "/proc/stat"))?.[1]);
}

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
    await using mount = await mountedProcfs(dir);
    await using file = await staleFile(boot);
    await using exporter = await startExporter([file.flag, `--path.procfs=${mount.path}`]);
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
