import { assert, assertEquals } from "../support/assert.ts";
import { DASHBOARDS, fill, queriesOf } from "../support/dashboards.ts";
import { type Answers, answersAt, labelsOf } from "../support/dashboard_answers.ts";
import {
  BOB,
  ERIN,
  FRANK,
  type Hosts,
  recordOf,
  ROOT,
  startHosts,
} from "../support/dashboard_hosts.ts";
import { ATTACKER } from "../support/dashboard_past_logins.ts";
import { MOUNTS } from "../support/host_mounts.ts";
import { program, ROOT_USER, testNeeding } from "../support/needs.ts";
import { type Prometheus, type Series, startPrometheus } from "../support/prometheus.ts";
import { type TempDir, tempDir } from "../support/temp_dir.ts";
import { logout, writeSlot } from "../support/utmp_file.ts";
import { until } from "../support/wait.ts";

/** Fails unless a result is the expected one. */
function assertAnswer(what: string, answers: Answers, result: readonly Series[]): void {
  const found = result.map(({ labels, value }) => [labelsOf(labels), value] as const);
  const message = `${what}: ${JSON.stringify(found)}`;
  const answer = "all" in answers ? answers.all : answers.tenOf;
  for (const [labels, value] of found) {
    const expected = answer[labels];
    assert(expected !== undefined, `unexpected ${labels} in ${message}`);
    const isMet = typeof expected === "number"
      ? Math.abs(expected - value) < 0.001
      : expected.least <= value && value <= expected.most;
    assert(isMet, `${labels} is not ${JSON.stringify(expected)} in ${message}`);
  }
  assertEquals(new Set(found.map(([labels]) => labels)).size, found.length, message);
  if ("all" in answers) return assertEquals(found.length, Object.keys(answer).length, message);
  const largest = Object.values(answer).map(Number).sort((a, b) => b - a).slice(0, 10);
  const values = found.map(([, value]) => value).sort((a, b) => b - a);
  assertEquals(values.map(Math.round), largest.map(Math.round), message);
}

/** Writes the targets that Prometheus reads from a file, each with the pod that it is in. */
async function writeTargets(path: string, { first, second }: Hosts, pod: string): Promise<void> {
  const targets = [
    { targets: [first.instance], labels: { pod } },
    { targets: [second.instance], labels: { pod: "c" } },
  ];
  await Deno.writeTextFile(`${path}.new`, JSON.stringify(targets));
  await Deno.rename(`${path}.new`, path);
}

/** Another program that exposes metrics of its process. */
function startOther(): Deno.HttpServer<Deno.NetAddr> {
  const text = ["resident_memory_bytes", "cpu_seconds_total", "start_time_seconds"]
    .map((name) => `process_${name} 5\n`).join("");
  const headers = { "content-type": "text/plain; version=0.0.4" };
  const options = { hostname: "127.0.0.1", port: 0, onListen: () => {} };
  return Deno.serve(options, () => new Response(text, { headers }));
}

/** The number of logins and failed logins of both hosts. */
const PAST_LOGINS = "sum(unix_logins_total) + sum(unix_failed_logins_total)";

/** The alerts, with recording rules that are evaluated each second. */
async function fastAlerts(dir: TempDir): Promise<string> {
  const path = dir.join("alerts.yaml");
  const text = await Deno.readTextFile("dashboards/alerts.yaml");
  assert(text.includes("interval: 5m"));
  await Deno.writeTextFile(path, text.replace("interval: 5m", "interval: 1s"));
  return path;
}

/**
 * bob logs out, logins fail, erin logs in and out, frank logs in. The exporter of the first host moves to another
 * pod, and the records of the second are missing for some seconds.
 */
async function changeSessions(
  { first, second, appendPastLogins }: Hosts,
  { query, untilIs, alerts }: Prometheus,
  move: () => Promise<void>,
): Promise<void> {
  const sessionsOf = (name: string): string =>
    `count(unix_user_session_info{username="${name}"}) or vector(0)`;
  await writeSlot(first.path, 3, logout(BOB.tty));
  await untilIs(sessionsOf("bob"), 0);
  const [{ value: before } = { value: NaN }] = await query(PAST_LOGINS);
  const appended = await appendPastLogins();
  await writeSlot(first.path, 7, recordOf(ERIN));
  await untilIs(sessionsOf("erin"), 1);
  await writeSlot(first.path, 7, logout(ERIN.tty));
  await writeSlot(first.path, 8, recordOf(FRANK));
  await untilIs(sessionsOf("erin"), 0);
  await untilIs(sessionsOf("frank"), 1);
  await untilIs(PAST_LOGINS, before + appended);
  await move();
  await untilIs('count(up{pod="b"})', 1);
  await untilIs('count(up{pod="a"}) or vector(0)', 0);

  const labels = `instance="${second.instance}",source="utmp",reason="missing"`;
  await Deno.rename(second.path, `${second.path}.away`);
  await untilIs(`unix_user_exporter_read_failures_total{${labels}} >= bool 3`, 1);
  await untilIs(sessionsOf("dave"), 0);
  const active = await until("the alert", async () => {
    const names = (await alerts()).map(({ labels }) => labels["alertname"]);
    return names.includes("UnixUserExporterSourceUnreadable") ? names : null;
  });
  assert(!active.includes("UnixUserExporterDown"), active.join());
  await Deno.rename(`${second.path}.away`, second.path);
  await untilIs(`unix_users_logged_in_total{instance="${second.instance}"}`, second.total);
}

/** The alerts that are pending or firing, as `NAME STATE INSTANCE`, and a user or address, sorted. */
async function activeAlerts({ alerts }: Prometheus): Promise<readonly string[]> {
  // An alert about a session can exist for both pods of its host for five minutes.
  const found = (await alerts()).map(({ labels, state }) => {
    const { alertname, instance, username, ip } = labels;
    return `${alertname} ${state} ${instance} ${username ?? ip ?? ""}`.trim();
  });
  return [...new Set(found)].sort();
}

/** The users of sessions that started outside working hours, of those that started within the hour. */
function outsideHours(): readonly string[] {
  return [ROOT, ERIN, FRANK].filter(({ login }) => {
    const start = new Date(login * 1000);
    return start.getUTCHours() < 7 || start.getUTCHours() >= 19 || start.getUTCDay() % 6 === 0;
  }).map(({ username }) => username);
}

const NEEDS = [ROOT_USER, MOUNTS, ...["prometheus", "mknod", "touch"].map(program)];

testNeeding(NEEDS, "each query and each alert has the expected result for two hosts", async () => {
  await using dir = await tempDir();
  await using hosts = await startHosts(dir);
  const { first, second } = hosts;
  const total = first.total + second.total;
  await using other = startOther();
  const targets = dir.join("targets.json");
  await writeTargets(targets, hosts, "a");
  const jobs = { foreign: `127.0.0.1:${other.addr.port}`, dead: "127.0.0.1:1" };
  await using prometheus = await startPrometheus(dir, [], {
    ruleFiles: [`${Deno.cwd()}/dashboards/rules.yaml`, await fastAlerts(dir)],
    settings: { static_configs: [], file_sd_configs: [{ files: [targets] }] },
    otherJobs: Object.entries(jobs).map(([job_name, target]) => {
      return { job_name, static_configs: [{ targets: [target] }] };
    }),
  });
  const { query, untilIs } = prometheus;
  await untilIs("count(up == 1)", 3);
  await untilIs("count(up == 0)", 1);
  await untilIs("sum(unix_users_logged_in_total)", total);
  await untilIs("count(unix_failed_logins_total)", 4);
  await untilIs("count(unix_logins_total)", 16);
  // The interval is whole seconds, and both hosts are known at its start.
  await untilIs("min(count_over_time(unix_users_logged_in_total[1m])) >= bool 3", 1);
  const start = Date.now() / 1000;
  // A rate needs a sample from before the increase.
  await untilIs(`min(timestamp(unix_failed_logins_total)) > bool ${start}`, 1);
  await changeSessions(hosts, prometheus, () => writeTargets(targets, hosts, "b"));

  const at = Date.now() / 1000;
  const times = { interval: Math.ceil(at - start), range: 600 };
  const { version } = JSON.parse(await Deno.readTextFile("deno.json"));
  const answers = await answersAt(hosts, { at, interval: times.interval, version });
  const queries = Object.values(DASHBOARDS).flatMap(queriesOf);
  assertEquals(new Set(queries.map(([name]) => name)), new Set(Object.keys(answers)));
  for (const [name, expr] of queries) {
    const expected = answers[name];
    assert(expected !== undefined, name);
    assertAnswer(name, expected, await query(fill(expr, times), at));
  }
  const boots = [first, second].map(({ boot }) => boot * 1000).sort();
  for (const { annotations } of Object.values(DASHBOARDS)) {
    for (const { expr } of annotations.list) {
      const found = await query(fill(expr, times), at);
      assertEquals(found.map(({ value }) => value).sort(), boots);
    }
  }
  await untilIs("job:unix_users_logged_in:sum", total);
  await untilIs("job:unix_logged_in_users:count", first.users + second.users);

  const expected = [
    `UnixRootRemoteLogin firing ${first.instance} root`,
    `UnixSessionTooOld pending ${first.instance} alice`,
    `UnixStaleSessions pending ${first.instance}`,
    `UnixManySessionsOfUser pending ${second.instance} dave`,
    `UnixUserExporterSeriesDropped pending ${second.instance}`,
    // lastlog2 is missing.
    `UnixPastLoginsUnreadable pending ${second.instance}`,
    `UnixManyFailedLogins firing ${first.instance} ${ATTACKER}`,
    // Not alice: she was logged in before the failures.
    `UnixLoginAfterFailedLogins firing ${first.instance} ${ERIN.from}`,
    ...outsideHours().map((user) =>
      `UnixLoginOutsideWorkingHours firing ${first.instance} ${user}`
    ),
  ].sort();
  // The alert about the missing records ends with the next evaluation, others start with it.
  let found: readonly string[] = [];
  await until("the alerts", async () => {
    found = await activeAlerts(prometheus);
    return found.join() === expected.join() ? true : null;
  }).catch(() => {});
  assertEquals(found, expected);

  await second.exporter.stop();
  await untilIs(`up{instance="${second.instance}"}`, 0);
  const down = `UnixUserExporterDown pending ${second.instance}`;
  const alerts = await until("the alert", async () => {
    const active = await activeAlerts(prometheus);
    return active.includes(down) ? active : null;
  });
  assertEquals(alerts.filter((alert) => alert.startsWith("UnixUserExporterDown")), [down]);
  for (const [name, value] of [["Exporters down/A", 1], ["Exporter/A", 0]] as const) {
    const [, expr = ""] = queries.find(([key]) => key === name) ?? [];
    assertAnswer(name, { all: { "": value } }, await query(fill(expr, times)));
  }
});
