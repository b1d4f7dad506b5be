import { Buffer } from "node:buffer";
import { gunzipSync } from "node:zlib";
import type { Body } from "../../lib/metrics/kept_text.ts";
import { type ExpositionRequest, MANY_SESSIONS, Scraper } from "../../lib/collector/scraper.ts";
import type { CollectResult } from "../../lib/sessions/collect_result.ts";
import { type VisibleSessions } from "../../lib/sessions/snapshot.ts";
import { snapshotOfUtmp } from "../support/snapshot_of_utmp.ts";
import { ExporterMetrics } from "../../lib/metrics/exporter_metrics.ts";
import { decodeUtmp } from "../../lib/utmp/decode.ts";
import { assert, assertEquals, assertNotEquals, assertStringIncludes } from "../support/assert.ts";
import { encodeUtmp } from "../support/encode_utmp.ts";
import { WHOLE } from "../support/exposed.ts";
import {
  failedObservation,
  failedResult,
  observationOf,
  resultWith,
  visibleWith,
} from "../support/observations.ts";
import { TestClock } from "../support/fakes.ts";

const BUILT = {
  version: "v",
  revision: "r",
  branch: "b",
  denoversion: "d",
  os: "linux",
  arch: "a",
};

const TEXT: ExpositionRequest = { format: "text", isCompressed: false };
const OPENMETRICS: ExpositionRequest = { format: "openmetrics", isCompressed: false };

function visibleOf(user: string, count = 1): VisibleSessions {
  const records = Array.from({ length: count }, (_, i) => {
    return { type: "user_process", user, line: `pts/${i}`, seconds: 1_000 } as const;
  });
  const snapshot = snapshotOfUtmp(decodeUtmp(encodeUtmp("384le", records), "384le"));
  return visibleWith(snapshot);
}

/** A scraper of the current sessions. Counts how often they are read for an exposition. */
function scraperOf(
  current: { visible: VisibleSessions | null },
): { scraper: Scraper; renderings: () => number } {
  let renderings = 0;
  const counted = (visible: VisibleSessions): VisibleSessions =>
    new Proxy(visible, {
      get: (target, key) => {
        if (key === "sessions") renderings++;
        return Reflect.get(target, key);
      },
    });
  const proxies = new Map<VisibleSessions, VisibleSessions>();
  const collect = (): Promise<CollectResult> => {
    const { visible } = current;
    if (visible === null) return Promise.resolve(failedObservation(failedResult("utmp")));
    const proxy = proxies.get(visible) ?? counted(visible);
    proxies.set(visible, proxy);
    return Promise.resolve({ ...observationOf(resultWith(visible.snapshot)), visible: proxy });
  };
  const scraper = new Scraper({
    collector: { collect },
    exporterMetrics: new ExporterMetrics(BUILT),
    exposition: WHOLE,
    clock: new TestClock(),
  });
  return { scraper, renderings: () => renderings };
}

async function textOf(scraper: Scraper, wanted: ExpositionRequest): Promise<string> {
  return decoded((await scraper.scrape(wanted)).body);
}

function decoded(body: Body): string {
  return typeof body === "string" ? body : new TextDecoder().decode(Buffer.concat(body));
}

function unzipped(body: Body): string {
  if (typeof body === "string") throw new TypeError("Cannot unzip text");
  return new TextDecoder().decode(gunzipSync(Buffer.concat(body)));
}

Deno.test("sessions are rendered once for each format until they change", async () => {
  const current = { visible: visibleOf("ann") };
  const { scraper, renderings } = scraperOf(current);
  const first = await textOf(scraper, TEXT);
  for (let i = 0; i < 5; i++) assertEquals(await textOf(scraper, TEXT), first);
  assertEquals(renderings(), 1);
  await textOf(scraper, OPENMETRICS);
  await textOf(scraper, OPENMETRICS);
  assertEquals(renderings(), 2);
  current.visible = visibleOf("bob");
  assertStringIncludes(await textOf(scraper, TEXT), 'username="bob"');
  assertNotEquals(await textOf(scraper, TEXT), first);
});

for (const sessions of [1, MANY_SESSIONS, MANY_SESSIONS + 1, 10 * MANY_SESSIONS]) {
  Deno.test(`a compressed scrape of ${sessions} sessions is the same text`, async () => {
    for (const wanted of [TEXT, OPENMETRICS]) {
      const { scraper } = scraperOf({ visible: visibleOf("ann", sessions) });
      const plain = await textOf(scraper, wanted);
      assertStringIncludes(plain, `\nunix_users_logged_in_total ${sessions}\n`);
      assertEquals(plain.match(/^unix_user_session_info/gm)?.length, sessions);
      for (let i = 0; i < 2; i++) {
        const { body } = await scraper.scrape({ ...wanted, isCompressed: true });
        assertEquals(unzipped(body), plain);
      }
    }
  });
}

Deno.test("OpenMetrics ends with # EOF, with and without sessions", async () => {
  for (const visible of [visibleOf("ann"), null]) {
    const { scraper } = scraperOf({ visible });
    const text = await textOf(scraper, OPENMETRICS);
    assert(text.endsWith("\n# EOF\n") && text.split("# EOF").length === 2);
    assert(!(await textOf(scraper, TEXT)).includes("# EOF"));
  }
});

Deno.test("a scrape reports whether the sessions could be read", async () => {
  const current: { visible: VisibleSessions | null } = { visible: null };
  const { scraper } = scraperOf(current);
  const failed = await scraper.scrape(TEXT);
  assertEquals(failed.hasSessions, false);
  const text = decoded(failed.body);
  assertStringIncludes(text, 'unix_user_exporter_source_up{source="utmp"} 0\n');
  assert(!text.includes("unix_users_logged_in_total"));
  current.visible = visibleOf("ann");
  assertEquals((await scraper.scrape(TEXT)).hasSessions, true);
});
