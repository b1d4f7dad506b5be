import fc from "fast-check";
import { loginTimeText } from "../../lib/sessions/login_time.ts";
import type { CollectResult } from "../../lib/sessions/collect_result.ts";
import { FAILURE_REASONS } from "../../lib/sessions/snapshot.ts";
import { snapshotOfUtmp } from "../support/snapshot_of_utmp.ts";
import { decodeUtmp } from "../../lib/utmp/decode.ts";
import { assert, assertEquals } from "../support/assert.ts";
import { encodeUtmp, type RecordFields } from "../support/encode_utmp.ts";
import { samplesOf as allSamplesOf } from "../support/samples.ts";
import { exposed, WHOLE } from "../support/exposed.ts";
import {
  failedObservation,
  failedResult,
  observationOf,
  resultWith,
  snapshotWith,
  visibleWith,
} from "../support/observations.ts";
import { login } from "../support/utmp_file.ts";

function observed(records: readonly RecordFields[]): ReturnType<typeof observationOf> {
  const snapshot = snapshotOfUtmp(decodeUtmp(encodeUtmp("384le", records), "384le"));
  const result = resultWith(snapshot, { source: "utmp", path: "/run/utmp" });
  return observationOf({ ...result, modified: 1_753_285_500.25, readDuration: 0.002 });
}

/** The samples of one metric: labels and value. */
function samplesOf(name: string, collected: CollectResult): readonly string[] {
  return exposed(collected).split("\n")
    .filter((line) => line.startsWith(`${name}{`) || line.startsWith(`${name} `))
    .map((line) => line.slice(name.length));
}

const LOGIN = { ...login("ann", "pts/0", "h"), seconds: 1_000 };

Deno.test("sessions that share all labels are one series: info is 1, counts add up, the latest login wins", () => {
  const twice = observed([{ ...LOGIN, seconds: 1_010 }, LOGIN]);
  const minute = loginTimeText(1_000);
  assertEquals(samplesOf("unix_users_logged_in_total", twice), [" 2"]);
  assertEquals(samplesOf("unix_user_session_info", twice), [
    `{username="ann",from="h",tty="pts/0",login_time="${minute}"} 1`,
  ]);
  assertEquals(samplesOf("unix_user_session_count", twice), ['{username="ann"} 2']);
  assertEquals(samplesOf("unix_user_session_by_ip", twice), ['{ip="h"} 2']);
  assertEquals(samplesOf("unix_session_login_timestamp_seconds", twice), [
    '{username="ann",from="h",tty="pts/0"} 1010',
  ]);
});

Deno.test("crafted names are escaped and hide no other session", () => {
  const crafted = observed([
    { ...LOGIN, user: "a", host: "x,tty:y", line: "z" },
    { ...LOGIN, user: "a", host: "x", line: "y,tty:z" },
    { ...LOGIN, user: "a", host: 'x",tty="y', line: "z" },
    { ...LOGIN, user: "a,from:x", host: "", line: "y" },
    { ...LOGIN, user: 'D\\u "q"', host: "a\nb\r\x1b[31m", line: "\x00" },
  ]);
  const minute = loginTimeText(1_000);
  assertEquals(samplesOf("unix_user_session_info", crafted), [
    `{username="a",from="x,tty:y",tty="z",login_time="${minute}"} 1`,
    `{username="a",from="x",tty="y,tty:z",login_time="${minute}"} 1`,
    `{username="a",from="x\\",tty=\\"y",tty="z",login_time="${minute}"} 1`,
    `{username="a,from:x",from="-",tty="y",login_time="${minute}"} 1`,
    `{username="D\\\\u \\"q\\"",from="a\\\\x0ab\\\\x0d\\\\x1b[31m",tty="-",login_time="${minute}"} 1`,
  ]);
});

Deno.test("an unknown login time has no sample, and - as a label", () => {
  const unknown = observed([{ ...LOGIN, seconds: 0 }]);
  assertEquals(samplesOf("unix_user_session_info", unknown), [
    '{username="ann",from="h",tty="pts/0",login_time="-"} 1',
  ]);
  assertEquals(samplesOf("unix_session_login_timestamp_seconds", unknown), []);
});

Deno.test("displays and the console are not counted by address", () => {
  const hosts = ["", "console", ":0", ":0.0", ":1", "192.0.2.1", "::1"];
  const collected = observed(hosts.map((host) => ({ ...LOGIN, host })));
  const samples = samplesOf("unix_user_session_by_ip", collected);
  assertEquals(samples, ['{ip="192.0.2.1"} 1', '{ip="::1"} 1']);
});

Deno.test("a remote session without a known host is not counted by address", () => {
  const known = observed([LOGIN]);
  const sessions = known.visible.sessions.map((each) => ({ ...each, from: "-", remote: true }));
  const unknown = { ...known, visible: { ...known.visible, sessions } };
  assertEquals(samplesOf("unix_users_logged_in_total", unknown), [" 1"]);
  assertEquals(samplesOf("unix_user_session_by_ip", unknown), []);
});

Deno.test("a machine without sessions has zeros, and no series of sessions", () => {
  const types = ["empty", "run_lvl", "boot_time", "new_time", "old_time", "init_process"]
    .concat(["login_process", "user_process", "dead_process", "accounting"]);
  const kinds = ["console", "pty", "graphical", "other"].flatMap((kind) =>
    [true, false].map((remote) => `unix_sessions{kind="${kind}",remote="${remote}"} 0`)
  );
  assertEquals(allSamplesOf(exposed(observed([]))), [
    "unix_users_logged_in_total 0",
    "unix_logged_in_users 0",
    ...kinds,
    "unix_user_exporter_series_dropped 0",
    "unix_user_exporter_sessions_over_limit 0",
    ...types.map((type) => `unix_user_exporter_records{type="${type}"} 0`),
    "unix_user_exporter_faulty_records 0",
    'unix_user_exporter_source_up{source="utmp"} 1',
    'unix_user_exporter_source_read_duration_seconds{source="utmp"} 0.002',
    'unix_user_exporter_source_modified_timestamp_seconds{source="utmp"} 1753285500.25',
  ]);
});

for (const reason of FAILURE_REASONS) {
  Deno.test(`a source that fails with ${reason} has only source_up 0`, () => {
    assertEquals(
      exposed(failedObservation(failedResult("utmp", reason))),
      `# HELP unix_user_exporter_source_up Whether the source could be read for this scrape (1) or not (0).
# TYPE unix_user_exporter_source_up gauge
unix_user_exporter_source_up{source="utmp"} 0
`,
    );
  });
}

const SNAPSHOT = snapshotWith();
const UTMP = resultWith(SNAPSHOT, { source: "utmp" });
const LOGIND = { ...resultWith(SNAPSHOT), modified: null, readDuration: 0.5 };

for (
  const [what, results, up, durations, times] of [
    ["both are read", [UTMP, LOGIND], [1, 1], ["utmp 0", "logind 0.5"], ["utmp 0"]],
    ["utmp fails", [failedResult("utmp"), LOGIND], [0, 1], ["logind 0.5"], []],
    ["both fail", [failedResult("utmp"), failedResult("logind")], [0, 0], [], []],
  ] as const
) {
  Deno.test(`each source has its own series; one that fails has only source_up: ${what}`, () => {
    const visible = results.some(({ ok }) => ok) ? visibleWith(SNAPSHOT) : null;
    const collected = { results, visible, idle: new Map(), history: null };
    const valuesOf = (name: string): readonly string[] =>
      samplesOf(`unix_user_exporter_source_${name}`, collected)
        .map((sample) => sample.replace(/^{source="(\w+)"}/, "$1"));
    assertEquals(valuesOf("up"), [`utmp ${up[0]}`, `logind ${up[1]}`]);
    assertEquals(valuesOf("read_duration_seconds"), [...durations]);
    assertEquals(valuesOf("modified_timestamp_seconds"), [...times]);
  });
}

Deno.test("closing sessions have their own gauge, absent if logind was not read", () => {
  const result = resultWith(snapshotWith());
  for (const [closing, samples] of [[null, []], [0, [" 0"]], [2, [" 2"]]] as const) {
    const collected = observationOf(result, { closing });
    assertEquals(samplesOf("unix_closing_sessions", collected), [...samples]);
    assertEquals(samplesOf("unix_users_logged_in_total", collected), [" 0"]);
  }
});

Deno.test("above the cap, sessions with the same time and labels keep the order of the records", () => {
  const lines = ["pts/1", "pts/2", "pts/1", "tty1", "pts/1"];
  const many = observed(lines.map((line) => ({ ...LOGIN, line })));
  const [first, second, third, , last] = many.visible.sessions;
  const idle = new Map([second, third, last].flatMap((each, i) => each ? [[each, i + 1]] : []));
  const text = exposed({ ...many, idle }, { ...WHOLE, maxSeries: 2 });
  assertEquals(first?.tty, third?.tty);
  assertEquals(text.split("\n").filter((each) => each.startsWith("unix_session_idle_seconds")), [
    'unix_session_idle_seconds{username="ann",from="h",tty="pts/1"} 2',
  ]);
});

Deno.test("property: every line of an exposition is well-formed, and every series is unique", () => {
  const text = fc.uint8Array({ maxLength: 32 });
  const record = fc.record({
    type: fc.constantFrom("user_process" as const, "dead_process" as const, "boot_time" as const),
    user: text,
    line: text,
    host: fc.uint8Array({ maxLength: 256 }),
    seconds: fc.nat(),
    microseconds: fc.integer(),
  });
  const escaped = String.raw`"(?:[^"\\\n\p{Cc}]|\\\\|\\"|\\n)*"`;
  const line = new RegExp(
    String.raw`^(# (HELP|TYPE) \w+ .*|\w+(\{\w+=${escaped}(,\w+=${escaped})*\})? -?[\d.e+-]+|)$`,
    "u",
  );
  fc.assert(
    fc.property(fc.array(record, { maxLength: 20 }), (records) => {
      const exposition = exposed(observed(records));
      assert(exposition.isWellFormed());
      const lines = exposition.split("\n");
      for (const each of lines) assert(line.test(each), each);
      const series = lines.filter((each) => each !== "" && !each.startsWith("#"))
        .map((each) => each.replace(/ \S+$/, ""));
      assertEquals(series.length, new Set(series).size);
    }),
    { numRuns: 300 },
  );
});

Deno.test("property: the counts by user, by kind and in total agree", () => {
  const session = fc.record({
    type: fc.constant("user_process" as const),
    user: fc.constantFrom("a", "b", "c"),
    line: fc.constantFrom("pts/1", "tty1", ":0", ""),
    host: fc.constantFrom("", "h1", "h2", ":0"),
    seconds: fc.constantFrom(0, 1_000, 2_000),
  });
  fc.assert(
    fc.property(fc.array(session, { maxLength: 30 }), (records) => {
      const collected = observed(records);
      const sum = (metric: string): number =>
        samplesOf(metric, collected)
          .reduce((total, sample) => total + Number(sample.split(" ").at(-1)), 0);
      const totals = ["users_logged_in_total", "user_session_count", "sessions"]
        .map((metric) => sum(`unix_${metric}`));
      assertEquals(totals, totals.map(() => records.length));
      const remote = collected.visible.sessions.filter((each) => each.remote);
      assertEquals(sum("unix_user_session_by_ip"), remote.length);
      assertEquals(sum("unix_logged_in_users"), new Set(records.map(({ user }) => user)).size);
    }),
    { numRuns: 100 },
  );
});
