import { Buffer } from "node:buffer";
import { gunzipSync } from "node:zlib";
import { type ExpositionRequest, MANY_SESSIONS, Scraper } from "../../lib/collector/scraper.ts";
import type { CollectResult } from "../../lib/sessions/collect_result.ts";
import { type VisibleSessions } from "../../lib/sessions/snapshot.ts";
import { ExporterMetrics } from "../../lib/metrics/exporter_metrics.ts";
import { assert, assertEquals, assertNotEquals, assertStringIncludes } from "../support/assert.ts";
import { WHOLE } from "../support/exposed.ts";
import {
  failedObservation,
  failedResult,
  observationOf,
  resultWith,
  snapshotWith,
  visibleWith,
} from "../support/observations.ts";
import { TestClock } from "../support/fakes.ts";

const PLATFORM = { denoversion: "d", os: "linux", arch: "a" };
const BUILT = { version: "v", revision: "r", branch: "b", ...PLATFORM };

const TEXT: ExpositionRequest = { format: "text", isCompressed: false };
const OPENMETRICS: ExpositionRequest = { format: "openmetrics", isCompressed: false };

function visibleOf(user: string, count = 1): VisibleSessions {
  const values = { from: "-", kind: "pty", remote: false, loginTime: 1_000, pid: null } as const;
  const sessions = Array.from({ length: count }, (_, i) => {
    return { username: user, tty: `pts/${i}`, ...values };
  });
  return visibleWith(snapshotWith({ sessions }));
}

/** A scraper of the current sessions. */
function scraperOf(current: { readonly visible: VisibleSessions | null }): Scraper {
  const collect = (): Promise<CollectResult> => {
    const { visible } = current;
    if (visible === null) return Promise.resolve(failedObservation(failedResult("utmp")));
    return Promise.resolve({ ...observationOf(resultWith(visible.snapshot)), visible });
  };
  const exporterMetrics = new ExporterMetrics(BUILT);
  const clock = new TestClock();
  return new Scraper({ collector: { collect }, exporterMetrics, exposition: WHOLE, clock });
}

async function textOf(scraper: Scraper, wanted: ExpositionRequest): Promise<string> {
  const { body } = await scraper.scrape(wanted);
  const bytes = typeof body === "string" ? new TextEncoder().encode(body) : Buffer.concat(body);
  return new TextDecoder().decode(wanted.isCompressed ? gunzipSync(bytes) : bytes);
}

Deno.test("sessions are rendered once for each format until they change", async () => {
  let renderings = 0;
  const counted = new Proxy(visibleOf("ann"), {
    get: (target, key) => {
      if (key === "sessions") renderings++;
      return Reflect.get(target, key);
    },
  });
  const current = { visible: counted };
  const scraper = scraperOf(current);
  const first = await textOf(scraper, TEXT);
  for (let i = 0; i < 5; i++) assertEquals(await textOf(scraper, TEXT), first);
  assertEquals(renderings, 1);
  await textOf(scraper, OPENMETRICS);
  await textOf(scraper, OPENMETRICS);
  assertEquals(renderings, 2);
  current.visible = visibleOf("bob");
  assertStringIncludes(await textOf(scraper, TEXT), 'username="bob"');
  assertNotEquals(await textOf(scraper, TEXT), first);
});

for (const sessions of [1, MANY_SESSIONS, MANY_SESSIONS + 1, 10 * MANY_SESSIONS]) {
  Deno.test(`a compressed scrape of ${sessions} sessions is the same text`, async () => {
    for (const wanted of [TEXT, OPENMETRICS]) {
      const scraper = scraperOf({ visible: visibleOf("ann", sessions) });
      const plain = await textOf(scraper, wanted);
      assertStringIncludes(plain, `\nunix_users_logged_in_total ${sessions}\n`);
      assertEquals(plain.match(/^unix_user_session_info/gm)?.length, sessions);
      for (let i = 0; i < 2; i++) {
        assertEquals(await textOf(scraper, { ...wanted, isCompressed: true }), plain);
      }
    }
  });
}

Deno.test("OpenMetrics ends with # EOF, with and without sessions", async () => {
  for (const visible of [visibleOf("ann"), null]) {
    const scraper = scraperOf({ visible });
    const text = await textOf(scraper, OPENMETRICS);
    assert(text.endsWith("\n# EOF\n") && text.split("# EOF").length === 2);
    assert(!(await textOf(scraper, TEXT)).includes("# EOF"));
  }
});

Deno.test("a scrape reports whether the sessions could be read", async () => {
  const current: { visible: VisibleSessions | null } = { visible: null };
  const scraper = scraperOf(current);
  assertEquals((await scraper.scrape(TEXT)).hasSessions, false);
  const text = await textOf(scraper, TEXT);
  assertStringIncludes(text, 'unix_user_exporter_source_up{source="utmp"} 0\n');
  assert(!text.includes("unix_users_logged_in_total"));
  current.visible = visibleOf("ann");
  assertEquals((await scraper.scrape(TEXT)).hasSessions, true);
});
