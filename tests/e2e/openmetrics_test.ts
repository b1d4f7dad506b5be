import { MEDIA_TYPES } from "../../lib/metrics/text_format.ts";
import { assertEquals } from "../support/assert.ts";
import { startExporter } from "../support/exporter.ts";
import { get } from "../support/get.ts";
import { HOSTILE, RECORDS } from "../support/hostile_records.ts";
import { success, testNeeding } from "../support/needs.ts";
import { run } from "../support/program.ts";
import { samplesOf } from "../support/samples.ts";
import { utmpFile } from "../support/utmp_file.ts";

/** Debian's Python, which has Debian's python3-prometheus-client. */
const PYTHON = "/usr/bin/python3";

/** Reads OpenMetrics strictly; prints the labels of the sessions, and the names of all families. */
const PARSER = `
import json, sys
from prometheus_client.openmetrics.parser import text_string_to_metric_families as parse
families = list(parse(sys.stdin.buffer.read().decode("utf-8")))
infos = [s.labels for f in families for s in f.samples if s.name == "unix_user_session_info"]
print(json.dumps({"infos": infos, "families": [[f.name, f.type] for f in families]}))
`;

const STRICT_PARSER = success(
  "python3-prometheus-client",
  [PYTHON, "-c", "import prometheus_client.openmetrics.parser"],
);

async function parseStrictly(body: string): Promise<{
  readonly infos: readonly Readonly<Record<string, string>>[];
  readonly families: readonly (readonly [string, string])[];
}> {
  const { code, stdout, stderr } = await run([PYTHON, "-c", PARSER], { input: body });
  assertEquals(code, 0, stderr);
  return JSON.parse(stdout);
}

/** The samples that two scrapes of an unchanged file share: not those of the process and of the read. */
function stable(body: string): readonly string[] {
  return samplesOf(body).filter((line) => !/^process_|read_duration/.test(line));
}

testNeeding([STRICT_PARSER], "a strict parser reads OpenMetrics with hostile names", async () => {
  await using file = await utmpFile(RECORDS);
  await using exporter = await startExporter([file.flag]);
  const accept = "application/openmetrics-text;version=1.0.0";
  const { headers, body } = await get(`http://127.0.0.1:${exporter.port}/metrics`, { accept });
  assertEquals(headers["content-type"], MEDIA_TYPES.openmetrics);
  const { infos, families } = await parseStrictly(body);
  const escaped = (text = ""): string =>
    text.replaceAll("\\", "\\\\").replaceAll("\n", "\\n").replaceAll('"', '\\"');
  const labels = infos.map(({ username, from, tty }) =>
    `username="${escaped(username)}",from="${escaped(from)}",tty="${escaped(tty)}"`
  );
  assertEquals(labels, HOSTILE.map(([, expected]) => expected));
  const counters = families.filter(([, type]) => type === "counter").map(([name]) => name);
  assertEquals(counters, ["process_cpu_seconds", "unix_user_exporter_read_failures"]);
  assertEquals(stable(body), stable(await exporter.scrape()));
});

Deno.test("scrapes are compressed if requested, every time", async () => {
  await using file = await utmpFile(RECORDS);
  await using exporter = await startExporter([file.flag, "--web.disable-exporter-metrics"]);
  const url = `http://127.0.0.1:${exporter.port}/metrics`;
  for (let i = 0; i < 3; i++) {
    const zipped = await get(url, { "accept-encoding": "gzip" });
    const plain = await get(url, { "accept-encoding": "identity" });
    const encodings = [zipped, plain].map(({ headers }) => headers["content-encoding"]);
    assertEquals(encodings, ["gzip", undefined]);
    assertEquals(zipped.headers.vary, "Accept, Accept-Encoding");
    assertEquals(stable(zipped.body), stable(plain.body));
  }
});
