import { ExporterMetrics } from "../../lib/metrics/exporter_metrics.ts";
import { renderFamilies } from "../../lib/metrics/text_format.ts";
import { assert, assertEquals, assertStringIncludes } from "../support/assert.ts";
import { samplesOf } from "../support/samples.ts";

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
  const families = [...exporterMetrics.families(), ...exporterMetrics.processFamilies()];
  const failures = (source: string, denied: number, malformed: number): readonly string[] => {
    const counts = { missing: 0, denied, not_regular: 0, too_large: 0, io: 0, malformed };
    return Object.entries(counts).map(([reason, count]) =>
      `unix_user_exporter_read_failures_total{source="${source}",reason="${reason}"} ${count}`
    );
  };
  assertEquals(samplesOf(renderFamilies(families, "text")), [
    ...failures("utmp", 2, 1),
    ...failures("logind", 0, 0),
    'unix_user_exporter_build_info{version="1.2.3",revision="r",branch="b",denoversion="d",' +
    'os="linux",arch="a"} 1',
    "process_cpu_seconds_total 1.5",
    "process_resident_memory_bytes 1024",
    "process_start_time_seconds 1700000000.25",
  ]);
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
