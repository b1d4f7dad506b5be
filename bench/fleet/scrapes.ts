/**
 * Measures what a fleet costs its Prometheus: `make fleet`. A few exporters, each with a utmp file of its own,
 * are scraped under the names of {@link HOSTS} hosts by a real Prometheus. Each series gets as many samples as
 * in a block of two hours with a scrape every 30 seconds, faster; then the head is written down as a block.
 */
import { assertEquals } from "../../tests/support/assert.ts";
import { type Exporter, startExporter } from "../../tests/support/exporter.ts";
import { get } from "../../tests/support/get.ts";
import { Peer } from "../../tests/support/peer.ts";
import { succeed } from "../../tests/support/succeed.ts";
import { type TempDir, tempDir } from "../../tests/support/temp_dir.ts";
import { samplesOf, valueOf } from "../../tests/support/samples.ts";
import { login, writeSlot, writeUtmp } from "../../tests/support/utmp_file.ts";
import { until } from "../../tests/support/wait.ts";

const HOSTS = 300;
const EXPORTERS = 6;
const SESSIONS = 4;
/** Samples of a series in a block: two hours, one each 30 seconds. */
const SAMPLES = 240;
/** What a scrape interval is here, in milliseconds. */
const INTERVAL = 2_500;
/** After so many samples one session of each host ends and another one begins. */
const CHURN = 60;

/** The session in a slot of an exporter's file; another round is another address. */
function session(exporter: number, slot: number, round: number): ReturnType<typeof login> {
  const user = `user${exporter}${slot % 3}`;
  return login(user, `pts/${slot}`, `10.${exporter}.${slot}.${round + 1}`);
}

async function startExporters(dir: TempDir, stack: AsyncDisposableStack): Promise<Exporter[]> {
  const exporters: Exporter[] = [];
  for (let i = 0; i < EXPORTERS; i++) {
    const path = dir.join(`utmp${i}`);
    await writeUtmp(path, Array.from({ length: SESSIONS }, (_, slot) => session(i, slot, 0)));
    exporters.push(stack.use(await startExporter([`--utmp-path=${path}`])));
  }
  return exporters;
}

async function startPrometheus(dir: TempDir, exporters: readonly Exporter[]): Promise<Peer> {
  const hosts = Array.from({ length: HOSTS }, (_, i) => ({
    targets: [`127.0.0.1:${exporters[i % EXPORTERS]?.port}`],
    labels: { instance: `host${i}.example.org:32142` },
  }));
  const config = {
    global: { scrape_interval: `${INTERVAL}ms`, scrape_timeout: `${INTERVAL}ms` },
    scrape_configs: [{ job_name: "unix_users", static_configs: hosts }],
  };
  await Deno.writeTextFile(dir.join("prometheus.yml"), JSON.stringify(config));
  return new Peer([
    ...["prometheus", `--config.file=${dir.join("prometheus.yml")}`, "--web.enable-admin-api"],
    ...[`--storage.tsdb.path=${dir.join("data")}`, "--web.listen-address=127.0.0.1:0"],
  ]);
}

/** The numbers of the block that the head is written down as. */
async function snapshot(dir: TempDir, origin: string): Promise<{
  readonly bytes: number;
  readonly samples: number;
  readonly series: number;
}> {
  const path = `${origin}/api/v1/admin/tsdb/snapshot`;
  const { data: { name } } = await (await fetch(path, { method: "POST" })).json();
  const folder = dir.join(`data/snapshots/${name}`);
  const blocks = (await Array.fromAsync(Deno.readDir(folder))).map((entry) => entry.name);
  assertEquals(blocks.length, 1);
  const { stats } = JSON.parse(await Deno.readTextFile(`${folder}/${blocks[0]}/meta.json`));
  const bytes = Number((await succeed("du", "-sb", folder)).split("\t")[0]);
  return { bytes, samples: stats.numSamples, series: stats.numSeries };
}

function row(name: string, value: number, unit = ""): string {
  const digits = value < 10 ? 2 : value < 100 ? 1 : 0;
  const text = value.toFixed(digits).replace(/\B(?=(\d{3})+$)/g, ",");
  return `| ${name} | ${text}${unit} |`;
}

async function measure(): Promise<readonly string[]> {
  await using dir = await tempDir();
  await using stack = new AsyncDisposableStack();
  const exporters = await startExporters(dir, stack);
  const [exporter] = exporters;
  if (exporter === undefined) throw new Error("There is no exporter");
  const url = `http://127.0.0.1:${exporter.port}/metrics`;
  const body = await exporter.scrape();
  const compressed = await get(url, { "Accept-Encoding": "gzip" });

  const prometheus = stack.use(await startPrometheus(dir, exporters));
  const [, address] = await prometheus.printed(/msg="Listening on" address=(\S+)/);
  await prometheus.printed(/msg="Server is ready to receive web requests\."/);
  const origin = `http://${address}`;
  const before = (await get(`${origin}/metrics`)).body;
  for (let round = 1; round <= SAMPLES / CHURN; round++) {
    await new Promise((resolve) => setTimeout(resolve, CHURN * INTERVAL));
    if (round * CHURN === SAMPLES) break;
    for (let i = 0; i < EXPORTERS; i++) {
      await writeSlot(dir.join(`utmp${i}`), round % SESSIONS, session(i, round % SESSIONS, round));
    }
  }
  const after = (await get(`${origin}/metrics`)).body;
  const answered = await until("the answer to a query", async () => {
    const query = encodeURIComponent("avg(avg_over_time(up[1h]))");
    const answer = JSON.parse((await get(`${origin}/api/v1/query?query=${query}`)).body);
    return Number(answer.data.result[0]?.value[1]);
  });
  const block = await snapshot(dir, origin);

  const grown = (name: string): number => valueOf(after, name) - valueOf(before, name);
  const head = valueOf(after, "prometheus_tsdb_head_series");
  const own = await exporter.scrape();
  const scrapes = block.samples / (samplesOf(body).length + 5) / EXPORTERS;
  return [
    `| measured with ${HOSTS} hosts of ${SESSIONS} sessions each | |`,
    "| --- | --- |",
    row("share of the scrapes that were answered", 100 * answered, " %"),
    row("series of a host in a scrape", samplesOf(body).length),
    row("size of a scrape", body.length, " bytes"),
    row("size of a scrape, compressed", Number(compressed.headers["content-length"]), " bytes"),
    row("series in the head of Prometheus", head),
    row(
      "memory of Prometheus (RSS) before",
      valueOf(before, "process_resident_memory_bytes") / 1e6,
      " MB",
    ),
    row(
      "memory of Prometheus (RSS) after",
      valueOf(after, "process_resident_memory_bytes") / 1e6,
      " MB",
    ),
    row(
      "memory for each series in the head",
      grown("process_resident_memory_bytes") / head,
      " bytes",
    ),
    row(
      "CPU time of Prometheus for each sample",
      1e6 * grown("process_cpu_seconds_total") / block.samples,
      " µs",
    ),
    row("samples in the block", block.samples),
    row("size of the block", block.bytes, " bytes"),
    row("bytes on disk for each sample", block.bytes / block.samples),
    row("memory of an exporter (RSS)", valueOf(own, "process_resident_memory_bytes") / 1e6, " MB"),
    row(
      "CPU time of an exporter for each scrape",
      1e3 * valueOf(own, "process_cpu_seconds_total") / scrapes,
      " ms",
    ),
  ];
}

const text = (await measure()).join("\n");
await Deno.stdout.write(new TextEncoder().encode(`${text}\n`));
