import type { RecordFields } from "../encode_utmp.ts";
import { type Exporter, startExporter } from "../e2e/exporter.ts";
import { get } from "../e2e/get.ts";
import { run } from "../e2e/program.ts";
import { samplesOf } from "../e2e/samples.ts";
import type { TempDir } from "../e2e/temp_dir.ts";
import { writeUtmp } from "../e2e/utmp_file.ts";
import { makeTerminals } from "./terminals.ts";
import { DAY_HOSTS, type DaySession, sessionsOfTheDay, TROUBLES } from "./day.ts";

/** The first midnight of the simulated day, a Wednesday, in seconds since the epoch. */
const MIDNIGHT = Date.UTC(2026, 2, 4) / 1000;

/** The minutes of the day that are scraped; the last is when the picture is taken. */
const FIRST = -450;
const LAST = 1_050;

/** When the picture is taken, in seconds since the epoch. */
export const TAKEN = MIDNIGHT + LAST * 60;

/** How long the picture looks back, in seconds. */
export const SPAN = 86_400;

/** A host of the day with its real exporter. */
interface DayHost {
  readonly name: string;
  readonly path: string;
  exporter: Exporter | null;
  boot: number;
  written: string;
}

/**
 * Lets the simulated day pass, minute by minute: real exporters read real utmp files whose records have
 * the times of the day, and what they answer is stored with those times in blocks of Prometheus, in the
 * folder `data`. `up` and `scrape_duration_seconds`, which Prometheus would add, are of these scrapes.
 */
export async function backfill(dir: TempDir): Promise<void> {
  const sessions = sessionsOfTheDay();
  const hosts = DAY_HOSTS.map((name, i): DayHost => ({
    name,
    path: dir.join(`${name}.utmp`),
    exporter: null,
    boot: MIDNIGHT - (9 + 7 * i) * 86_400 + 21_847 + 977 * i,
    written: "",
  }));
  using file = await Deno.open(dir.join("day.txt"), { write: true, create: true });
  const encoder = new TextEncoder();
  try {
    for (let minute = FIRST; minute <= LAST; minute++) {
      const lines = await Promise.all(hosts.map((host) => scrapeAt(host, minute, sessions)));
      await file.write(encoder.encode(lines.flat().map((line) => `${line}\n`).join("")));
    }
    await file.write(encoder.encode("# EOF\n"));
  } finally {
    await Promise.all(hosts.map(({ exporter }) => exporter?.stop()));
  }
  const words = [
    "tsdb",
    "create-blocks-from",
    "openmetrics",
    dir.join("day.txt"),
    dir.join("data"),
  ];
  const { code, stderr } = await run(["promtool", ...words]);
  if (code !== 0) throw new Error(`Cannot store the day: ${stderr}`);
}

async function scrapeAt(
  host: DayHost,
  minute: number,
  sessions: readonly DaySession[],
): Promise<readonly string[]> {
  const time = MIDNIGHT + minute * 60;
  const isIn = (kind: string): boolean =>
    TROUBLES.some((trouble) =>
      trouble.host === host.name && trouble.kind === kind && trouble.begin <= minute &&
      minute < trouble.end
    );
  if (isIn("reboot")) host.boot = time;
  if (isIn("reboot") || isIn("exporter down")) {
    await host.exporter?.stop();
    host.exporter = null;
    return [placed("up 0", host.name, time)];
  }
  await write(host, { minute, sessions, isMissing: isIn("source missing") });
  const devfs = `${host.path}.dev`;
  if (minute === LAST) {
    const on = sessions.filter(({ host: name, begin, end }) =>
      name === host.name && begin <= minute && minute < end
    );
    await makeTerminals(devfs, on, { minute });
  }
  host.exporter ??= await startExporter([`--utmp-path=${host.path}`, `--path.devfs=${devfs}`]);
  const begin = performance.now();
  const { body } = await get(`http://127.0.0.1:${host.exporter.port}/metrics`);
  const duration = (performance.now() - begin) / 1000;
  return ["up 1", `scrape_duration_seconds ${duration}`, ...samplesOf(body)].map((sample) =>
    placed(sample, host.name, time)
  );
}

/** Writes the records of this minute, if they are others than before. */
async function write(
  host: DayHost,
  { minute, sessions, isMissing }: {
    readonly minute: number;
    readonly sessions: readonly DaySession[];
    readonly isMissing: boolean;
  },
): Promise<void> {
  // As in utmp, a terminal has one record: of its latest session, or that it has ended.
  const latest = new Map(
    sessions.filter(({ host: name, begin }) => name === host.name && begin <= minute)
      .map((session) => [session.line, session]),
  );
  const secondsOf = (at: number): number => Math.floor(MIDNIGHT + at * 60);
  const records = [...latest.values()].map(({ user, from, line, begin, end }): RecordFields =>
    end > minute
      ? { type: "user_process", pid: 1000, user, line, host: from, seconds: secondsOf(begin) }
      : { type: "dead_process", pid: 1000, line, seconds: secondsOf(end) }
  );
  const boot: RecordFields = { type: "boot_time", line: "~", user: "reboot", seconds: host.boot };
  const content = JSON.stringify([isMissing, boot, records]);
  if (content === host.written) return;
  host.written = content;
  if (isMissing) return await Deno.remove(host.path);
  await writeUtmp(host.path, [boot, ...records]);
  const time = MIDNIGHT + minute * 60;
  await Deno.utime(host.path, time, time);
}

/** A sample with the labels of its target and its time. */
function placed(sample: string, host: string, time: number): string {
  const [, name = "", labels = "", value = ""] = /^(\w+)(?:\{(.*)\})? (\S+)$/.exec(sample) ?? [];
  const own = labels === "" ? "" : `,${labels}`;
  return `${name}{job="unix_users",instance="${host}"${own}} ${value} ${time}`;
}
