import { Collector } from "../../lib/collector/collector.ts";
import { History } from "../../lib/history/history.ts";
import { scrapeFamilies } from "../../lib/metrics/exposition.ts";
import { renderFamilies } from "../../lib/metrics/text_format.ts";
import type { HistoryRead, Logins } from "../../lib/sessions/history.ts";
import type { ReadFailure } from "../../lib/sessions/snapshot.ts";
import { assert, assertEquals, assertStrictEquals } from "../support/assert.ts";
import { WHOLE } from "../support/exposed.ts";
import { keptLog, TestClock } from "../support/fakes.ts";
import { resultWith, snapshotWith } from "../support/observations.ts";
import { failedPastRead, loginsWith, pastRead } from "../support/past_logins.ts";

const NONE = { wtmp: null, btmp: null, wtmpdb: null, lastlog2: null };

/** Sources of which wtmp gives what `current` is at the time. */
function historyOf(current: { read: HistoryRead<Logins> }): History {
  return new History({ ...NONE, wtmp: () => Promise.resolve(current.read) });
}

Deno.test("the result of all sources is the same object until one changes", async () => {
  const current: { read: HistoryRead<Logins> } = { read: pastRead("wtmp", loginsWith(1)) };
  const history = historyOf(current);
  const first = await history.read();
  assertStrictEquals(await history.read(), first);
  for (const read of [pastRead("wtmp", loginsWith(2)), failedPastRead("wtmp")]) {
    current.read = read;
    const next = await history.read();
    assert(next !== first);
    assertStrictEquals(next.wtmp, read);
    assertStrictEquals(await history.read(), next);
  }
});

Deno.test("a change of a source is logged once, and each failure is counted", async () => {
  const current: { read: HistoryRead<Logins> } = { read: pastRead("wtmp", null) };
  const { log, messages } = keptLog();
  const failures: ReadFailure[] = [];
  const snapshot = snapshotWith();
  const collector = new Collector({
    source: {
      read: () => Promise.resolve({ results: [resultWith(snapshot)], missing: [], snapshot }),
    },
    procfs: null,
    idleTimes: null,
    history: historyOf(current),
    filter: () => true,
    maxSeries: 10,
    clock: new TestClock(),
    log,
    onFailure: (failure) => failures.push(failure),
  });
  /** The samples of the source after two scrapes. */
  const scraped = async (read: HistoryRead<Logins>): Promise<readonly string[]> => {
    current.read = read;
    await collector.collect();
    const text = renderFamilies(scrapeFamilies(await collector.collect(), WHOLE), "text");
    return text.split("\n").filter((line) => line.includes('source="wtmp"'))
      .map((line) => line.replace(/^unix_user_exporter_source_|\{.*\}/g, ""));
  };
  const read = pastRead("wtmp", loginsWith(1));
  const whole = ["up 1", "read_duration_seconds 0.5", "modified_timestamp_seconds 5"];
  assertEquals(await scraped(pastRead("wtmp", null)), [], "before the first pass has ended");
  assertEquals(await scraped(read), whole);
  assertEquals(await scraped(failedPastRead("wtmp")), ["up 0"]);
  assertEquals(await scraped(failedPastRead("wtmp", "missing")), ["up 0"]);
  assertEquals(await scraped(read), whole);
  const failed = "source=wtmp path=/var/log/wtmp";
  assertEquals(messages().filter((line) => line.includes("past logins")), [
    `"reading past logins" ${failed}`,
    `"cannot read past logins" ${failed} reason=denied error=e advice=a`,
    `"cannot read past logins" ${failed} reason=missing error=e advice=a`,
    `"past logins can be read again" ${failed}`,
  ]);
  assertEquals(failures.map(({ reason }) => reason), ["denied", "denied", "missing", "missing"]);
});
