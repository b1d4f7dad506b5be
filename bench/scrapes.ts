/**
 * Measures scrapes over HTTP: of the exporter with files of several sizes, or of whatever runs at the URL
 * that is given.
 */
import { valueOf } from "../tests/support/samples.ts";
import { startExporter } from "../tests/support/exporter.ts";
import { get } from "../tests/support/get.ts";
import { residentMemory } from "../tests/support/resident_memory.ts";
import { tempDir } from "../tests/support/temp_dir.ts";
import { writeUtmp } from "../tests/support/utmp_file.ts";
import { SETTLING_TIME } from "../lib/files/file_version.ts";
import { LAYOUTS } from "../lib/utmp/layout.ts";
import { logins } from "../tests/support/logins.ts";
import { mebibytes, printHead, printRow } from "./table.ts";
import { type Load, measure } from "./wrk.ts";

const SIZES = [3, 1_000, 10_000];

/** How many clients ask at a time when it is about how many answers there are. */
const CLIENTS = 8;

function printScrapesHead(): void {
  printHead(
    `Scrapes by one client, and by ${CLIENTS}`,
    "sessions",
    "file",
    "encoding",
    "answer",
    "alone: median",
    "99 %",
    `${CLIENTS} clients: per second`,
    "median",
    "99 %",
  );
}

async function printScrapes(
  [sessions, file]: readonly [string, string],
  { url, change }: { readonly url: string; readonly change: Load["change"] },
): Promise<void> {
  for (const isCompressed of [false, true]) {
    const alone = await measure(url, { clients: 1, isCompressed, change });
    const together = await measure(url, { clients: CLIENTS, isCompressed, change });
    printRow(
      sessions,
      file,
      isCompressed ? "gzip" : "plain",
      `${(alone.size / 1024).toFixed(1)} KiB`,
      ...[alone.median, alone.p99].map(milliseconds),
      together.perSecond.toFixed(0),
      ...[together.median, together.p99].map(milliseconds),
    );
  }
}

function milliseconds(number: number): string {
  return `${number.toFixed(2)} ms`;
}

/** The resident size that an exporter tells of itself, as text. */
async function toldMemory(url: string): Promise<string> {
  const bytes = valueOf((await get(url)).body, "process_resident_memory_bytes");
  return Number.isNaN(bytes) ? "not told" : mebibytes(bytes);
}

async function measureOther(url: string): Promise<void> {
  const atStart = await toldMemory(url);
  printScrapesHead();
  await printScrapes(["as it is", "as it is"], { url, change: null });
  printHead("Resident memory by process_resident_memory_bytes", "before the load", "after");
  printRow(atStart, await toldMemory(url));
}

async function measureExporter(): Promise<void> {
  await using dir = await tempDir();
  const path = dir.join("utmp");
  const memory: string[][] = [];
  printScrapesHead();
  for (const size of SIZES) {
    await writeUtmp(path, logins(size));
    // What was changed just now is read again with each scrape.
    await new Promise((resolve) => setTimeout(resolve, SETTLING_TIME));
    await using exporter = await startExporter([`--utmp-path=${path}`]);
    const url = `http://127.0.0.1:${exporter.port}/metrics`;
    const sizes = [await residentMemory(exporter.pid)];
    await printScrapes([String(size), "unchanged"], { url, change: null });
    sizes.push(await residentMemory(exporter.pid));
    const change = { path, offset: LAYOUTS["384le"].seconds.offset };
    await printScrapes([String(size), "changed each time"], { url, change });
    sizes.push(await residentMemory(exporter.pid));
    const cells = sizes.flatMap(({ total, anonymous }) => [total, anonymous]).map(mebibytes);
    memory.push([String(size), ...cells]);
  }
  printHead(
    "Resident memory",
    "sessions",
    "at start",
    "anonymous",
    "after scrapes of an unchanged file",
    "anonymous",
    "after scrapes of a changing file",
    "anonymous",
  );
  for (const cells of memory) printRow(...cells);
}

const [url] = Deno.args;
await (url === undefined ? measureExporter() : measureOther(url));
