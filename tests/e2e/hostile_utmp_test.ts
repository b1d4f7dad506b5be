import { assert, assertEquals } from "../support/assert.ts";
import { command, programCommand, run } from "../support/program.ts";
import { type Exporter, startExporter } from "../support/exporter.ts";
import { get } from "../support/get.ts";
import { HOSTILE_RECORDS, hostileUtmp } from "../support/hostile_utmp.ts";
import { valueOf } from "../support/samples.ts";
import { tempDir } from "../support/temp_dir.ts";

/** What the program may take of memory for one answer about such a file, in bytes. */
const MAX_MEMORY = 400 * 2 ** 20;

/**
 * How long the health check may take while another answer is made, and that answer, in milliseconds: ten
 * times as long as on a machine that does nothing else, for those that do.
 */
const MAX_PAUSE = 3_000;
const MAX_SCRAPE = 30_000;

/** Asks for the health again and again until told to stop, and gives the longest time that it took. */
async function worstHealth(
  { port }: Exporter,
  { signal }: { readonly signal: AbortSignal },
): Promise<{ readonly asked: number; readonly worst: number }> {
  let [asked, worst] = [0, 0];
  while (!signal.aborted) {
    const start = performance.now();
    const { status } = await get(`http://127.0.0.1:${port}/-/healthy`);
    assertEquals(status, 200);
    worst = Math.max(worst, performance.now() - start);
    asked++;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  return { asked, worst };
}

Deno.test("a file of 63 MiB of hostile records is shown in bounded time and memory", async () => {
  await using dir = await tempDir();
  const path = dir.join("utmp");
  await Deno.writeFile(path, new Uint8Array());
  await using exporter = await startExporter([`--utmp-path=${path}`, "--source=utmp"]);
  await Deno.writeFile(path, hostileUtmp());
  const asking = new AbortController();
  const health = worstHealth(exporter, asking);
  const start = performance.now();
  const scrape = await exporter.scrape();
  const passed = performance.now() - start;
  const page = await exporter.scrape("/");
  asking.abort();
  const { asked, worst } = await health;
  const after = await exporter.scrape();
  const memory = valueOf(after, "process_resident_memory_bytes");
  const measured =
    `scrape ${passed.toFixed(0)} ms, health at worst ${worst.toFixed(0)} ms of ${asked}, ` +
    `memory ${(memory / 2 ** 20).toFixed(0)} MiB\n`;
  await Deno.stdout.write(new TextEncoder().encode(measured));
  const total = valueOf(scrape, "unix_users_logged_in_total");
  assert(15_000 < total && total < 25_000, `${total}`);
  assertEquals(valueOf(scrape, "unix_user_exporter_sessions_over_limit"), HOSTILE_RECORDS - total);
  assert(page.includes(`of ${total} sessions`));
  assert(asked > 1);
  assert(worst < MAX_PAUSE, `${worst} ms`);
  assert(passed < MAX_SCRAPE, `${passed} ms`);
  assert(memory < MAX_MEMORY, `${memory} bytes`);
  const { stderr } = await exporter.stop();
  assertEquals(stderr.match(/more sessions than the limit/g)?.length, 1, stderr);
});

Deno.test("of a file of hostile records, nothing of excluded users is kept", async () => {
  await using dir = await tempDir();
  const path = dir.join("utmp");
  await Deno.writeFile(path, hostileUtmp());
  await using exporter = await startExporter([`--utmp-path=${path}`, "--users.exclude=.*"]);
  const scrape = await exporter.scrape();
  assertEquals(valueOf(scrape, "unix_users_logged_in_total"), 0);
  assertEquals(valueOf(scrape, "unix_user_exporter_sessions_over_limit"), 0);
  const memory = valueOf(scrape, "process_resident_memory_bytes");
  assert(memory < MAX_MEMORY, `${memory} bytes`);
});

Deno.test("--dump of a file of hostile records keeps only a few lines in memory", async () => {
  await using dir = await tempDir();
  const path = dir.join("utmp");
  await Deno.writeFile(path, hostileUtmp());
  const words = programCommand(["--dump", `--utmp-path=${path}`]);
  const child = command(words, { stdout: "piped" }).spawn();
  let [lines, memory] = [0, 0];
  for await (const bytes of child.stdout) {
    for (const byte of bytes) if (byte === 0x0a) lines++;
    if (memory > 0 || lines < HOSTILE_RECORDS / 2) continue;
    const { stdout } = await run(["cat", `/proc/${child.pid}/status`]);
    memory = Number(/^VmHWM:\s+(\d+) kB$/m.exec(stdout)?.[1]) * 1024;
  }
  assertEquals((await child.status).code, 0);
  assertEquals(lines, HOSTILE_RECORDS);
  assert(memory > 0 && memory < MAX_MEMORY, `${memory} bytes`);
});
