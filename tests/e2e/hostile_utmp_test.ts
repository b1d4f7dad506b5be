import { LAYOUTS } from "../../lib/utmp/layout.ts";
import { assert, assertEquals } from "../support/assert.ts";
import { encodeUtmp } from "../support/encode_utmp.ts";
import { type Exporter, startExporter } from "../support/exporter.ts";
import { get } from "../support/get.ts";
import { command, programCommand, run } from "../support/program.ts";
import { valueOf } from "../support/samples.ts";
import { utmpFile } from "../support/utmp_file.ts";

/** The most records that a file may have: 63 MiB. */
const RECORDS = 172_032;

/** The memory that the program may use for such a file, in bytes. */
const MAX_MEMORY = 400 * 2 ** 20;

/**
 * How long the health check may take during another request, and that request, in milliseconds: ten times as
 * long as on an idle machine.
 */
const MAX_PAUSE = 3_000;
const MAX_SCRAPE = 30_000;

/**
 * Logins whose user, line and host are full of bytes that need escapes, each different from the others: the
 * most expensive to decode, to keep and to expose.
 */
function hostileUtmp(): Uint8Array {
  const { size, user, line, host } = LAYOUTS["384le"];
  const login = encodeUtmp("384le", [{ type: "user_process", pid: 1_000, seconds: 1_753_280_000 }]);
  for (const { offset, length } of [user, line, host]) login.fill(0xff, offset, offset + length);
  const bytes = new Uint8Array(RECORDS * size);
  for (let i = 0; i < RECORDS; i++) {
    bytes.set(login, i * size);
    for (const { offset } of [user, line, host]) {
      const at = i * size + offset;
      bytes.set([0x80 + (i & 0x3f), 0x80 + ((i >> 6) & 0x3f), 0x80 + ((i >> 12) & 0x3f)], at);
    }
  }
  return bytes;
}

/** Requests the health until it is aborted; gives the number of requests and the longest time. */
async function worstHealth(
  { port }: Exporter,
  { signal }: { readonly signal: AbortSignal },
): Promise<{ readonly count: number; readonly worst: number }> {
  let [count, worst] = [0, 0];
  for (; !signal.aborted; count++) {
    const start = performance.now();
    const { status } = await get(`http://127.0.0.1:${port}/-/healthy`);
    assertEquals(status, 200);
    worst = Math.max(worst, performance.now() - start);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  return { count, worst };
}

Deno.test("a file of 63 MiB of hostile records is exposed in bounded time and memory", async () => {
  await using file = await utmpFile([]);
  await using exporter = await startExporter([file.flag, "--source=utmp"]);
  await Deno.writeFile(file.path, hostileUtmp());
  const end = new AbortController();
  const health = worstHealth(exporter, end);
  const start = performance.now();
  const scrape = await exporter.scrape();
  const passed = performance.now() - start;
  const page = await exporter.scrape("/");
  end.abort();
  const { count, worst } = await health;
  const memory = valueOf(await exporter.scrape(), "process_resident_memory_bytes");
  const measured = `scrape ${passed} ms, health ${worst} ms of ${count}, memory ${memory} bytes`;
  const total = valueOf(scrape, "unix_users_logged_in_total");
  assert(15_000 < total && total < 25_000, `${total}`);
  assertEquals(valueOf(scrape, "unix_user_exporter_sessions_over_limit"), RECORDS - total);
  assert(page.includes(`of ${total} sessions`));
  assert(count > 1, measured);
  assert(worst < MAX_PAUSE, measured);
  assert(passed < MAX_SCRAPE, measured);
  assert(memory < MAX_MEMORY, measured);
  const { stderr } = await exporter.stop();
  assertEquals(stderr.match(/more sessions than the limit/g)?.length, 1, stderr);
});

Deno.test("hostile records of excluded users are not kept in memory", async () => {
  await using file = await utmpFile();
  await Deno.writeFile(file.path, hostileUtmp());
  await using exporter = await startExporter([file.flag, "--users.exclude=.*"]);
  const scrape = await exporter.scrape();
  assertEquals(valueOf(scrape, "unix_users_logged_in_total"), 0);
  assertEquals(valueOf(scrape, "unix_user_exporter_sessions_over_limit"), 0);
  const memory = valueOf(scrape, "process_resident_memory_bytes");
  assert(memory < MAX_MEMORY, `${memory} bytes`);
});

Deno.test("--dump of hostile records keeps only a few lines in memory", async () => {
  await using file = await utmpFile();
  await Deno.writeFile(file.path, hostileUtmp());
  const child = command(programCommand(["--dump", file.flag]), { stdout: "piped" }).spawn();
  let [lines, memory] = [0, 0];
  for await (const bytes of child.stdout) {
    for (const byte of bytes) if (byte === 0x0a) lines++;
    if (memory > 0 || lines < RECORDS / 2) continue;
    const { stdout } = await run(["cat", `/proc/${child.pid}/status`]);
    memory = Number(/^VmHWM:\s+(\d+) kB$/m.exec(stdout)?.[1]) * 1024;
  }
  assertEquals((await child.status).code, 0);
  assertEquals(lines, RECORDS);
  assert(memory > 0 && memory < MAX_MEMORY, `${memory} bytes`);
});
