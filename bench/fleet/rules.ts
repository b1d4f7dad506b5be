/**
 * Measures what the rules and alerts cost: `make fleet`. A real Prometheus evaluates them over the scrapes of a
 * real exporter, placed under the names of {@link HOSTS} hosts, as far as alerts look back on them, and over 15
 * days of what the rules have recorded.
 */
import { startExporter } from "../../tests/support/exporter.ts";
import { sshFailures } from "../../tests/support/history.ts";
import { get } from "../../tests/support/get.ts";
import { Peer } from "../../tests/support/peer.ts";
import { samplesOf } from "../../tests/support/samples.ts";
import { succeed } from "../../tests/support/succeed.ts";
import { type TempDir, tempDir } from "../../tests/support/temp_dir.ts";
import { login, writeUtmp } from "../../tests/support/utmp_file.ts";

const HOSTS = 100;
/** As far as an alert looks back, and a little more, in seconds. */
const HISTORY = 15 * 86_400;
/** How often the records are written, in seconds. */
const STEP = 300;
/** How often the hosts are scraped, in seconds. */
const SCRAPE_INTERVAL = 30;
/** How far alerts look back on the metrics of past logins, in seconds, by the beginning of their names. */
const LOOKBACKS = {
  unix_user_last_login: 90_000,
  unix_failed_logins: 4_500,
  unix_user_session_by_ip: 4_500,
} as const;
/** How often the rules are evaluated here, in seconds, and how many evaluations are measured. */
const INTERVAL = 5;
const ROUNDS = 9;

/** The recording rules of dashboards/alerts.yaml that alerts look back on. */
const ORIGINS = "job_username_from:unix_user_session_info:count";
const MOST = "job_instance:unix_users_logged_in:max5m";
const ANSWERED = "job_instance:unix_user_exporter_build_info:present";
const WITHOUT_SERIES = "job_instance:unix_failed_logins_without_series:max";

/** The user and the address of a session; those of another host are others. */
function origin(host: number, session: number): { readonly user: string; readonly from: string } {
  return { user: `user${host}-${session % 3}`, from: `10.${host}.${session}.1` };
}
const SESSIONS = [0, 1, 2, 3];
/** The users of a host that have logged in at some time, and the addresses with failed logins. */
const USERS = 10;
const ADDRESSES = 30;

/** The scrape of an exporter with these sessions, two hours old, without the comments. */
async function scrapeOf(dir: TempDir, now: number): Promise<readonly string[]> {
  const [path, wtmp, btmp] = [dir.join("utmp"), dir.join("wtmp"), dir.join("btmp")];
  const users = Array.from({ length: USERS }, (_, user) => login(`user0-${user}`, "pts/9"));
  await writeUtmp(wtmp, users);
  // From one failure of the first address to 30 of the last one.
  const addresses = Array.from(
    { length: ADDRESSES },
    (_, address) => Array.from({ length: address + 1 }, () => `10.0.9.${address}`),
  );
  await writeUtmp(btmp, sshFailures(...addresses.flat()));
  const records = SESSIONS.map((session) => {
    const { user, from } = origin(0, session);
    return { ...login(user, `pts/${session}`, from), seconds: now - 7_200 };
  });
  await writeUtmp(path, records);
  await using exporter = await startExporter([
    ...[`--utmp-path=${path}`, `--wtmp-path=${wtmp}`, `--btmp-path=${btmp}`],
  ]);
  return samplesOf(await exporter.scrape());
}

/** A sample of the first host as one of this host. */
function placed(sample: string, host: number): string {
  const own = sample.replaceAll("user0-", `user${host}-`).replaceAll("10.0.", `10.${host}.`);
  const [, name = "", labels = "", value = ""] = /^(\w+)(?:\{(.*)\})? (\S+)$/.exec(own) ?? [];
  return `${name}{${target(host)}${labels === "" ? "" : `,${labels}`}} ${value}`;
}

function target(host: number): string {
  return `job="unix_users",instance="host${host}.example.org:32142"`;
}

/** The series that the rules have recorded about a host, each with its value. */
function recorded(host: number): readonly string[] {
  const origins = SESSIONS.map((session) => {
    const { user, from } = origin(host, session);
    return `${ORIGINS}{job="unix_users",username="${user}",from="${from}"} 1`;
  });
  const values = { [ANSWERED]: 1, [MOST]: 4, [WITHOUT_SERIES]: 11 };
  const own = Object.entries(values).map(([name, value]) => `${name}{${target(host)}} ${value}`);
  return [...own, ...origins];
}

/** The samples of a scrape that are stored if it was this long ago, in seconds. */
function stored(scrape: readonly string[], age: number): readonly string[] {
  return Object.entries(LOOKBACKS).flatMap(([name, lookback]) =>
    age <= lookback ? scrape.filter((sample) => sample.startsWith(name)) : []
  );
}

/** Every series with each of its values, in OpenMetrics: the history, and scrapes of each host until `now`. */
function* historyOf(scrape: readonly string[], now: number): Iterable<string> {
  const hosts = Array.from({ length: HOSTS }, (_, host) => host);
  const at = (series: readonly string[], time: number): string =>
    series.map((sample) => `${sample} ${time}\n`).join("");
  const records = hosts.flatMap(recorded);
  for (let time = now - HISTORY; time < now; time += STEP) yield at(records, time);
  for (let age = Math.max(...Object.values(LOOKBACKS)); age >= 0; age -= SCRAPE_INTERVAL) {
    const samples = age === 0 ? scrape : stored(scrape, age);
    yield at(hosts.flatMap((host) => samples.map((sample) => placed(sample, host))), now - age);
  }
  yield "# EOF\n";
}

/** Stores the history up to `now`, in seconds since the epoch, as a block of Prometheus. */
async function store(dir: TempDir, now: number): Promise<void> {
  const path = dir.join("history.txt");
  const scrape = ["up 1", ...await scrapeOf(dir, now)];
  await Deno.writeTextFile(path, ReadableStream.from(historyOf(scrape, now)));
  const words = ["tsdb", "create-blocks-from", "--max-block-duration=744h", "openmetrics", path];
  await succeed("promtool", ...words, dir.join("data"));
}

/** The rules and alerts, all evaluated often; their paths. */
async function hurriedRules(dir: TempDir): Promise<readonly string[]> {
  return await Promise.all(["rules.yaml", "alerts.yaml"].map(async (name) => {
    const text = await Deno.readTextFile(`dashboards/${name}`);
    await Deno.writeTextFile(dir.join(name), text.replaceAll(/^ +interval: 5m\n/gm, ""));
    return dir.join(name);
  }));
}

interface Groups {
  readonly data: {
    readonly groups: readonly {
      readonly name: string;
      readonly evaluationTime: number;
      readonly rules: readonly { readonly health: string; readonly lastError?: string }[];
    }[];
  };
}

/** How long an evaluation of each group took, in seconds: the median. */
async function measure(): Promise<ReadonlyMap<string, number>> {
  await using dir = await tempDir();
  const rule_files = await hurriedRules(dir);
  const config = { global: { evaluation_interval: `${INTERVAL}s` }, rule_files };
  await Deno.writeTextFile(dir.join("prometheus.yml"), JSON.stringify(config));
  await store(dir, Math.floor(Date.now() / 1000));
  await using prometheus = new Peer([
    ...["prometheus", `--config.file=${dir.join("prometheus.yml")}`],
    ...[`--storage.tsdb.path=${dir.join("data")}`, "--storage.tsdb.retention.time=60d"],
    "--web.listen-address=127.0.0.1:0",
  ]);
  const [, address] = await prometheus.printed(/msg="Listening on" address=(\S+)/);
  await prometheus.printed(/msg="Server is ready to receive web requests\."/);
  const times = new Map<string, number[]>();
  for (let round = 0; round < ROUNDS; round++) {
    await new Promise((resolve) => setTimeout(resolve, INTERVAL * 1_000));
    const answer: Groups = JSON.parse((await get(`http://${address}/api/v1/rules`)).body);
    for (const { name, evaluationTime, rules } of answer.data.groups) {
      const broken = rules.find(({ health }) => health === "err");
      if (broken !== undefined) throw new Error(`A rule of ${name} fails: ${broken.lastError}`);
      // 0 before the first evaluation.
      if (evaluationTime > 0) times.set(name, [...times.get(name) ?? [], evaluationTime]);
    }
  }
  return new Map([...times].map(([name, all]) => {
    const median = all.sort((a, b) => a - b)[Math.floor(all.length / 2)] ?? NaN;
    return [name, median];
  }));
}

const rows = [...await measure()].map(([name, seconds]) =>
  `| \`${name}\` | ${(seconds * 1_000).toFixed(1)} ms |\n`
);
const heading = `| group, with ${HOSTS} hosts | an evaluation |\n| --- | --- |\n`;
await Deno.stdout.write(new TextEncoder().encode(heading + rows.join("")));
