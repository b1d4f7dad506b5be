import { assert, assertEquals } from "../support/assert.ts";
import { DASHBOARDS, fill, queriesOf } from "../support/dashboards.ts";
import { type Answers, answersAt, type Expected, labelsOf } from "../support/dashboard_answers.ts";
import {
  DAVES,
  ERIN,
  FRANK,
  type Hosts,
  logIn,
  logOut,
  ROOT,
  startHosts,
} from "../support/dashboard_hosts.ts";
import { MOUNTS } from "../support/host_mounts.ts";
import { program, ROOT_USER, testNeeding } from "../support/needs.ts";
import { type Prometheus, type Series, startPrometheus } from "../support/prometheus.ts";
import { type TempDir, tempDir } from "../support/temp_dir.ts";
import { until } from "../support/wait.ts";

function isMet(expected: Expected, value: number): boolean {
  if (typeof expected !== "number") return expected.least <= value && value <= expected.most;
  return Math.abs(expected - value) < 0.001;
}

/** Fails unless a result is what the script knows. */
function assertAnswer(what: string, answers: Answers, result: readonly Series[]): void {
  const found = result.map(({ labels, value }) => [labelsOf(labels), value] as const);
  const told = `${what}: ${JSON.stringify(found)}`;
  const answer = "all" in answers ? answers.all : answers.tenOf;
  for (const [labels, value] of found) {
    const expected = answer[labels];
    assert(expected !== undefined, `unexpected ${labels} in ${told}`);
    assert(isMet(expected, value), `${labels} is not ${JSON.stringify(expected)} in ${told}`);
  }
  assertEquals(new Set(found.map(([labels]) => labels)).size, found.length, told);
  if ("all" in answers) return assertEquals(found.length, Object.keys(answer).length, told);
  const largest = Object.values(answer).map(Number).sort((a, b) => b - a).slice(0, 10);
  const values = found.map(([, value]) => value).sort((a, b) => b - a);
  assertEquals(values.map(Math.round), largest.map(Math.round), told);
}

/** Puts the exporters into a file that Prometheus follows, with the pod that each is in. */
async function writeTargets(
  path: string,
  { first, second }: Hosts,
  podOfFirst: string,
): Promise<void> {
  const targets = [[first, podOfFirst], [second, "c"]] as const;
  await Deno.writeTextFile(
    `${path}.new`,
    JSON.stringify(
      targets.map(([{ instance }, pod]) => ({ targets: [instance], labels: { pod } })),
    ),
  );
  await Deno.rename(`${path}.new`, path);
}

/** Another program that exposes metrics of its process, and a target that nobody answers at. */
function startForeign(): { readonly jobs: readonly unknown[] } & AsyncDisposable {
  const names = ["process_resident_memory_bytes", "process_cpu_seconds_total"];
  const text = [...names, "process_start_time_seconds"].map((name) => `${name} 5\n`).join("");
  const options = { hostname: "127.0.0.1", port: 0, onListen: () => {} };
  const server = Deno.serve(
    options,
    () => new Response(text, { headers: { "content-type": "text/plain; version=0.0.4" } }),
  );
  return {
    jobs: [
      { job_name: "foreign", static_configs: [{ targets: [`127.0.0.1:${server.addr.port}`] }] },
      { job_name: "dead", static_configs: [{ targets: ["127.0.0.1:1"] }] },
    ],
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  };
}

/** The alerts, which look back on records that are written each second here. */
async function hurriedAlerts(dir: TempDir): Promise<string> {
  const path = dir.join("alerts.yaml");
  const text = await Deno.readTextFile("dashboards/alerts.yaml");
  assert(text.includes("interval: 5m"));
  await Deno.writeTextFile(path, text.replace("interval: 5m", "interval: 1s"));
  return path;
}

/**
 * What happens: bob leaves, erin comes and leaves, frank comes, and one host cannot look for a while. The
 * exporter of the other moves to another pod.
 */
async function play(
  { first, second }: Hosts,
  { untilIs, alerts }: Prometheus,
  move: () => Promise<void>,
): Promise<void> {
  const there = (name: string): string =>
    `count(unix_user_session_info{username="${name}"}) or vector(0)`;
  await logOut(first, "bob");
  await untilIs(there("bob"), 0);
  await logIn(first, "erin");
  await untilIs(there("erin"), 1);
  await logOut(first, "erin");
  await logIn(first, "frank");
  await untilIs(there("erin"), 0);
  await untilIs(there("frank"), 1);
  await move();
  await untilIs('count(up{pod="b"})', 1);
  await untilIs('count(up{pod="a"}) or vector(0)', 0);

  const missing =
    `unix_user_exporter_read_failures_total{instance="${second.instance}",source="utmp",reason="missing"}`;
  await Deno.rename(second.path, `${second.path}.away`);
  await untilIs(`${missing} >= bool 3`, 1);
  await untilIs(there("dave"), 0);
  const active = await until("the alert", async () => {
    const names = (await alerts()).map(({ labels }) => labels["alertname"]);
    return names.includes("UnixUserExporterSourceUnreadable") ? names : null;
  });
  assert(!active.includes("UnixUserExporterDown"), active.join());
  await Deno.rename(`${second.path}.away`, second.path);
  await untilIs(`unix_users_logged_in_total{instance="${second.instance}"}`, DAVES.length);
}

/** The alerts that are pending or firing, as `NAME STATE INSTANCE USER`, sorted. */
async function activeAlerts({ alerts }: Prometheus): Promise<readonly string[]> {
  // An alert about a session can stand there for both pods of its host for five minutes.
  const found = (await alerts()).map(({ labels, state }) =>
    `${labels["alertname"]} ${state} ${labels["instance"]} ${labels["username"] ?? ""}`.trim()
  );
  return [...new Set(found)].sort();
}

/** The users of sessions that began outside working hours, of those who came within the hour. */
function outsideHours(): readonly string[] {
  return [ROOT, ERIN, FRANK].filter(({ login }) => {
    const began = new Date(login * 1000);
    return began.getUTCHours() < 7 || began.getUTCHours() >= 19 || began.getUTCDay() % 6 === 0;
  }).map(({ username }) => username);
}

testNeeding(
  [ROOT_USER, MOUNTS, ...["prometheus", "mknod", "touch"].map(program)],
  "every query of every panel answers what the script knows, and the alerts are those that it made",
  async () => {
    await using dir = await tempDir();
    await using hosts = await startHosts(dir);
    const { first, second } = hosts;
    await using foreign = startForeign();
    const targets = dir.join("targets.json");
    await writeTargets(targets, hosts, "a");
    await using prometheus = await startPrometheus(dir, [], {
      ruleFiles: [`${Deno.cwd()}/dashboards/rules.yaml`, await hurriedAlerts(dir)],
      settings: { static_configs: [], file_sd_configs: [{ files: [targets] }] },
      otherJobs: foreign.jobs,
    });
    const { query, untilIs } = prometheus;
    await untilIs("count(up == 1)", 3);
    await untilIs("count(up == 0)", 1);
    await untilIs("sum(unix_users_logged_in_total)", 4 + DAVES.length);
    // The interval is whole seconds, and both hosts are known at its beginning.
    await untilIs("min(count_over_time(unix_users_logged_in_total[1m])) >= bool 3", 1);
    const began = Date.now() / 1000;
    await play(hosts, prometheus, () => writeTargets(targets, hosts, "b"));

    const at = Date.now() / 1000;
    const interval = Math.ceil(at - began);
    const { version } = JSON.parse(await Deno.readTextFile("deno.json"));
    const answers = await answersAt(hosts, { at, interval, version });
    const filling = { interval, range: 600 };
    const queries = new Map(Object.values(DASHBOARDS).flatMap(queriesOf));
    assertEquals(new Set(queries.keys()), new Set(Object.keys(answers)));
    for (const [name, expr] of Object.values(DASHBOARDS).flatMap(queriesOf)) {
      const expected = answers[name];
      assert(expected !== undefined, `nothing is known of ${name}`);
      assertAnswer(name, expected, await query(fill(expr, filling), at));
    }
    for (
      const { expr } of Object.values(DASHBOARDS).flatMap(({ annotations }) => annotations.list)
    ) {
      const boots = await query(fill(expr, filling), at);
      assertEquals(
        boots.map(({ value }) => value).sort(),
        [first, second].map(({ boot }) => boot * 1000).sort(),
      );
    }
    await untilIs("job:unix_users_logged_in:sum", 4 + DAVES.length);
    await untilIs("job:unix_logged_in_users:count", 4);

    const expected = [
      `UnixRootRemoteLogin firing ${first.instance} root`,
      `UnixSessionTooOld pending ${first.instance} alice`,
      `UnixStaleSessions pending ${first.instance}`,
      `UnixManySessionsOfUser pending ${second.instance} dave`,
      `UnixUserExporterSeriesDropped pending ${second.instance}`,
      ...outsideHours().map((user) =>
        `UnixLoginOutsideWorkingHours firing ${first.instance} ${user}`
      ),
    ].sort();
    // The alert about the source that was away ends with the next evaluation, others begin with it.
    let found: readonly string[] = [];
    await until("the alerts", async () => {
      found = await activeAlerts(prometheus);
      return found.join() === expected.join() ? true : null;
    }).catch(() => {});
    assertEquals(found, expected);

    await second.exporter.stop();
    await untilIs(`up{instance="${second.instance}"}`, 0);
    await until("the alert", async () => {
      const found = await activeAlerts(prometheus);
      return found.includes(`UnixUserExporterDown pending ${second.instance}`) ? true : null;
    });
    assertEquals(
      (await activeAlerts(prometheus)).filter((alert) => alert.startsWith("UnixUserExporterDown"))
        .length,
      1,
    );
    for (const [name, value] of [["Exporters down/A", 1], ["Exporter/A", 0]] as const) {
      assertAnswer(
        name,
        { all: { "": value } },
        await query(fill(queries.get(name) ?? "", filling)),
      );
    }
  },
);
