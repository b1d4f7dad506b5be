import { assert } from "../support/assert.ts";
import { logins } from "../support/logins.ts";
import { type Exporter, startExporter } from "../support/exporter.ts";
import { get } from "../support/get.ts";
import { residentMemory } from "../support/resident_memory.ts";
import { login, utmpFile, writeSlot } from "../support/utmp_file.ts";

const SESSIONS = 10_000;

/**
 * How much more a later measurement may be, in bytes: the heap settles over thousands of scrapes, and without
 * a leak, later ones were up to 30 MiB more. A leak at each of 400 scrapes is detected from 160 KiB on, which
 * is a compressed response, a leak at each of 40 changes from 1.6 MiB on.
 */
const MARGIN = 64 * 2 ** 20;

/** The memory is measured during this number of scrapes at the end, after each few. */
const MEASURED = 100;
const EVERY = 4;

/** Scrapes as Prometheus does, and gives the least anonymous memory during the last scrapes, in bytes. */
async function leastMemory(
  exporter: Exporter,
  { scrapes, before }: {
    readonly scrapes: number;
    /** Runs before each scrape. */
    readonly before: (scrape: number) => Promise<void>;
  },
): Promise<number> {
  const url = `http://127.0.0.1:${exporter.port}/metrics`;
  let least = Infinity;
  for (let scrape = 1; scrape <= scrapes; scrape++) {
    await before(scrape);
    const { body } = await get(url, { "accept-encoding": "gzip" });
    assert(body.includes(`unix_users_logged_in_total ${SESSIONS}\n`));
    if (scrape <= scrapes - MEASURED || scrape % EVERY > 0) continue;
    const { anonymous } = await residentMemory(exporter.pid);
    least = Math.min(least, anonymous);
  }
  return least;
}

Deno.test("memory stays flat over a thousand scrapes of ten thousand sessions", async () => {
  await using file = await utmpFile(logins(SESSIONS));
  await using exporter = await startExporter([file.flag]);
  let changes = 0;
  const changing = (interval: number) => async (scrape: number): Promise<void> => {
    if (scrape % interval > 0) return;
    const slot = changes++;
    await writeSlot(file.path, slot, login(`changed${slot}`, `pts/${slot}`));
  };
  // The heap grows to the size that it needs.
  await leastMemory(exporter, { scrapes: 100, before: changing(5) });
  const settled = await leastMemory(exporter, { scrapes: 100, before: changing(10) });
  for (
    const [name, before] of [
      ["a changing file", changing(10)],
      ["an unchanged file", () => Promise.resolve()],
    ] as const
  ) {
    const grown = await leastMemory(exporter, { scrapes: 400, before }) - settled;
    assert(grown < MARGIN, `after ${name} the memory is ${grown} bytes above ${settled}`);
  }
});
