import { assert } from "../support/assert.ts";
import { logins } from "../support/logins.ts";
import { type Exporter, startExporter } from "../support/exporter.ts";
import { get } from "../support/get.ts";
import { residentMemory } from "../support/resident_memory.ts";
import { tempDir } from "../support/temp_dir.ts";
import { login, writeSlot, writeUtmp } from "../support/utmp_file.ts";

const SESSIONS = 10_000;

/**
 * How much more a later measurement may be, in bytes: the heap settles over thousands of scrapes, and later
 * ones were up to 30 MiB more where nothing leaked. What is kept at each of 400 scrapes shows from 160 KiB
 * on, which is a compressed answer, what is kept at each of 40 changes from 1.6 MiB on.
 */
const MARGIN = 64 * 2 ** 20;

/** The memory is looked at during the last scrapes, so many, after each few. */
const LOOKED_AT = 100;
const EVERY = 4;

/** Scrapes as Prometheus does, and gives the least anonymous memory during the last scrapes, in bytes. */
async function leastMemory(
  exporter: Exporter,
  { scrapes, before }: {
    readonly scrapes: number;
    /** What happens before a scrape. */
    readonly before: (scrape: number) => Promise<void>;
  },
): Promise<number> {
  const url = `http://127.0.0.1:${exporter.port}/metrics`;
  let least = Infinity;
  for (let scrape = 1; scrape <= scrapes; scrape++) {
    await before(scrape);
    const { body } = await get(url, { "accept-encoding": "gzip" });
    assert(body.includes(`unix_users_logged_in_total ${SESSIONS}\n`));
    if (scrape <= scrapes - LOOKED_AT || scrape % EVERY > 0) continue;
    const { anonymous } = await residentMemory(exporter.pid);
    least = Math.min(least, anonymous);
  }
  return least;
}

Deno.test("memory stays flat over a thousand scrapes of ten thousand sessions", async () => {
  await using dir = await tempDir();
  const path = dir.join("utmp");
  await writeUtmp(path, logins(SESSIONS));
  await using exporter = await startExporter([`--utmp-path=${path}`]);
  let changes = 0;
  const changing = (one: number) => async (scrape: number): Promise<void> => {
    if (scrape % one > 0) return;
    const slot = changes++;
    await writeSlot(path, slot, login(`changed${slot}`, `pts/${slot}`));
  };
  const phases = [
    { name: "after a changing file", scrapes: 400, before: changing(10) },
    { name: "after an unchanged file", scrapes: 400, before: () => Promise.resolve() },
  ];
  // The heap finds its size; what it needs for good is needed by then.
  await leastMemory(exporter, { scrapes: 100, before: changing(5) });
  const settled = await leastMemory(exporter, { scrapes: 100, before: changing(10) });
  for (const { name, ...phase } of phases) {
    const grown = await leastMemory(exporter, phase) - settled;
    assert(grown < MARGIN, `${name} the memory is ${grown} bytes above ${settled}`);
  }
});
