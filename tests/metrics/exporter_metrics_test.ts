import { ExporterMetrics } from "../../lib/metrics/exporter_metrics.ts";
import { renderFamilies } from "../../lib/metrics/text_format.ts";
import { assert, assertEquals, assertStringIncludes } from "../support/assert.ts";

const PLATFORM = { denoversion: "d", os: "linux", arch: "a" };
const BUILT = { version: "1.2.3", revision: "r", branch: "b", ...PLATFORM };
const FAILURE = { source: "utmp", path: "/x", error: "e", advice: "a" } as const;

Deno.test("read failures are counted by reason, starting at 0; the metrics of the process are last", () => {
  const sample = { cpu: 1.5, residentMemory: 1024 };
  const process = { sample: () => sample, startTime: 1_700_000_000.25 };
  const exporterMetrics = new ExporterMetrics(BUILT, { process, lastReloadSucceeded: null });
  for (const reason of ["denied", "denied", "malformed"] as const) {
    exporterMetrics.countReadFailure({ ...FAILURE, reason });
  }
  assertEquals(
    renderFamilies([...exporterMetrics.families(), ...exporterMetrics.processFamilies()], "text"),
    `# HELP unix_user_exporter_read_failures_total Number of failed reads of a source, by reason.
# TYPE unix_user_exporter_read_failures_total counter
unix_user_exporter_read_failures_total{source="utmp",reason="missing"} 0
unix_user_exporter_read_failures_total{source="utmp",reason="denied"} 2
unix_user_exporter_read_failures_total{source="utmp",reason="not_regular"} 0
unix_user_exporter_read_failures_total{source="utmp",reason="too_large"} 0
unix_user_exporter_read_failures_total{source="utmp",reason="io"} 0
unix_user_exporter_read_failures_total{source="utmp",reason="malformed"} 1
unix_user_exporter_read_failures_total{source="logind",reason="missing"} 0
unix_user_exporter_read_failures_total{source="logind",reason="denied"} 0
unix_user_exporter_read_failures_total{source="logind",reason="not_regular"} 0
unix_user_exporter_read_failures_total{source="logind",reason="too_large"} 0
unix_user_exporter_read_failures_total{source="logind",reason="io"} 0
unix_user_exporter_read_failures_total{source="logind",reason="malformed"} 0
# HELP unix_user_exporter_build_info Version, revision, runtime and platform of the exporter, always 1.
# TYPE unix_user_exporter_build_info gauge
unix_user_exporter_build_info{version="1.2.3",revision="r",branch="b",denoversion="d",os="linux",arch="a"} 1
# HELP process_cpu_seconds_total Total user and system CPU time spent in seconds.
# TYPE process_cpu_seconds_total counter
process_cpu_seconds_total 1.5
# HELP process_resident_memory_bytes Resident memory size in bytes.
# TYPE process_resident_memory_bytes gauge
process_resident_memory_bytes 1024
# HELP process_start_time_seconds Start time of the process since the epoch in seconds.
# TYPE process_start_time_seconds gauge
process_start_time_seconds 1700000000.25
`,
  );
});

Deno.test("the metrics of the process can be left out", () => {
  const exporterMetrics = new ExporterMetrics(BUILT);
  const text = renderFamilies(exporterMetrics.families(), "text");
  assertEquals(text.match(/^# TYPE .*/gm), [
    "# TYPE unix_user_exporter_read_failures_total counter",
    "# TYPE unix_user_exporter_build_info gauge",
  ]);
  assertEquals(exporterMetrics.processFamilies(), []);
});

Deno.test("the metrics are the same array until a value changes", () => {
  let lastReloadSucceeded = true;
  const options = { process: null, lastReloadSucceeded: () => lastReloadSucceeded };
  const exporterMetrics = new ExporterMetrics(BUILT, options);
  const valueOf = (): string | undefined =>
    /_last_reload_successful (\d)/.exec(renderFamilies(exporterMetrics.families(), "text"))?.[1];
  const first = exporterMetrics.families();
  assert(exporterMetrics.families() === first);
  assertEquals(valueOf(), "1");
  lastReloadSucceeded = false;
  assertEquals(valueOf(), "0");
  const second = exporterMetrics.families();
  assert(second !== first && exporterMetrics.families() === second);
  exporterMetrics.countReadFailure({ ...FAILURE, reason: "io" });
  assert(exporterMetrics.families() !== second);
});

Deno.test("the metrics of the process are the same array for the same sample", () => {
  let sample = { cpu: 1, residentMemory: 2 };
  const process = { sample: () => sample, startTime: 3 };
  const exporterMetrics = new ExporterMetrics(BUILT, { process, lastReloadSucceeded: null });
  const first = exporterMetrics.processFamilies();
  assert(exporterMetrics.processFamilies() === first);
  sample = { ...sample, cpu: 4 };
  const text = renderFamilies(exporterMetrics.processFamilies(), "text");
  assertStringIncludes(text, "\nprocess_cpu_seconds_total 4\n");
});
