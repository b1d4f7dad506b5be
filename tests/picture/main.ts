import { run } from "../e2e/program.ts";
import { startPrometheus } from "../e2e/prometheus.ts";
import { tempDir } from "../e2e/temp_dir.ts";
import { readDashboard } from "../house/dashboard_schema.ts";
import { backfill, SPAN, TAKEN } from "./backfill.ts";
import type { Moment } from "./ask.ts";
import { pageOf, WIDTH } from "./page.ts";

/** So that Chromium needs no display, no profile and no network; root may not use its sandbox. */
const CHROMIUM = [
  "chromium",
  "--headless",
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--hide-scrollbars",
];

// Draws each dashboard to a PNG file beside it, with the answers of a real Prometheus about a day.
await using dir = await tempDir();
await backfill(dir);
await using prometheus = await startPrometheus(dir, [], {
  // Blocks that are written afterwards have no marks where a series ends: one scrape, not five minutes.
  flags: ["--storage.tsdb.retention.time=100y", "--query.lookback-delta=59s"],
});
const day: Moment = { now: TAKEN, span: SPAN, scrapeInterval: 60 };
const pictures: Readonly<Record<string, Moment>> = {
  "dashboards/unix-users": day,
  // The last rows are about the process of the exporter, which knows nothing of the time of the day.
  "dashboards/unix-users-host": { ...day, instance: "dev-1", upTo: "The exporter itself" },
};
for (const [path, moment] of Object.entries(pictures)) {
  const { page, height } = await pageOf(await readDashboard(`${path}.json`), prometheus, moment);
  const file = dir.join("page.html");
  await Deno.writeTextFile(file, page);
  const { code, stderr } = await run([
    ...CHROMIUM,
    `--user-data-dir=${dir.join("profile")}`,
    `--window-size=${WIDTH},${height}`,
    `--screenshot=${Deno.cwd()}/${path}.png`,
    `file://${file}`,
  ]);
  if (code !== 0) throw new Error(`Cannot draw ${path}: ${stderr}`);
}
