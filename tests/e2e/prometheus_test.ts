import { assertEquals } from "../support/assert.ts";
import { startExporter } from "../support/exporter.ts";
import { program, testNeeding } from "../support/needs.ts";
import { type Series, startPrometheus } from "../support/prometheus.ts";
import { samplesOf, seriesOf } from "../support/samples.ts";
import { fixture, tempDir } from "../support/temp_dir.ts";
import { login, writeSlot } from "../support/utmp_file.ts";
import { until } from "../support/wait.ts";

const LABELS = ["username", "from", "tty", "login_time", "ip", "kind", "remote"];

/** The series of a result without the labels that Prometheus adds, sorted. */
function seriesWithout(result: readonly Series[], instance: string): readonly string[] {
  return result.map(({ labels: { __name__: name = "", job, ...labels }, value }) => {
    assertEquals([job, labels["instance"]], ["unix_users", instance]);
    const pairs = LABELS.flatMap((name) => name in labels ? [`${name}="${labels[name]}"`] : []);
    assertEquals(pairs.length, Object.keys(labels).length - 1);
    return `${name}{${pairs.join(",")}} ${value}`;
  }).sort();
}

testNeeding([program("prometheus")], "Prometheus stores sessions and their changes", async () => {
  await using dir = await tempDir();
  const path = dir.join("utmp");
  await Deno.copyFile(fixture("x86_64.utmp"), path);
  await using exporter = await startExporter([`--utmp-path=${path}`]);
  await using prometheus = await startPrometheus(dir, [exporter.port]);
  const { query, untilIs } = prometheus;

  await untilIs("up", 1);
  const [target] = await prometheus.targets();
  assertEquals([target?.health, target?.lastError], ["up", ""]);
  await untilIs("unix_users_logged_in_total", 3);
  await untilIs("sum(unix_user_session_count)", 3);
  await untilIs("sum(unix_sessions)", 3);
  await untilIs("unix_logged_in_users", 2);
  await untilIs("unix_user_exporter_source_up", 1);

  const scrape = await exporter.scrape();
  const instance = `127.0.0.1:${exporter.port}`;
  for (
    const name of [
      ...["unix_user_session_info", "unix_user_session_count", "unix_user_session_by_ip"],
      ...["unix_sessions", "unix_session_login_timestamp_seconds"],
    ]
  ) {
    assertEquals(seriesWithout(await query(name), instance), seriesOf(scrape, name));
  }
  const samples = samplesOf(scrape).length;
  await untilIs("scrape_samples_scraped", samples);
  await untilIs("scrape_samples_post_metric_relabeling", samples);

  // In the slot of the ended session, the seventh record.
  await writeSlot(path, 6, login("carol", "pts/5", "2001:db8::1"));
  await untilIs("unix_users_logged_in_total", 4);
  await untilIs('unix_user_session_by_ip{ip="2001:db8::1"}', 1);

  await Deno.remove(path);
  await untilIs("unix_user_exporter_source_up", 0);
  await until("the sessions to be unknown", async () => {
    const names = '{__name__=~"unix_(user_|users_|session).*",__name__!~".*exporter.*"}';
    return (await query(names)).length === 0 ? true : null;
  });
  await untilIs("up", 1);
});
