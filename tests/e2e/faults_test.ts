import { EXPORTER_METRICS, SCRAPE_METRICS } from "../../lib/metrics/catalog.ts";
import { FAILURE_REASONS, type FailureReason, SOURCE_NAMES } from "../../lib/sessions/snapshot.ts";
import { MAX_FILE_SIZE } from "../../lib/files/files.ts";
import { assertEquals, assertMatch } from "../support/assert.ts";
import { startExporter } from "../support/exporter.ts";
import { linesWith, messagesOf } from "../support/log_lines.ts";
import { type Need, program, testNeeding } from "../support/needs.ts";
import { seriesOf, SESSION_METRIC_NAMES, valueOf } from "../support/samples.ts";
import { succeed } from "../support/succeed.ts";
import { SETPRIV, UNPRIVILEGED } from "../support/unprivileged.ts";
import { infoOf, login, utmpFile, writeUtmp } from "../support/utmp_file.ts";

const RECORDS = [login("alice", "pts/0")];
const ALICE = infoOf("alice", "pts/0");

const OWN_NAMES: readonly string[] = [
  ...Object.values(SCRAPE_METRICS).map(({ name }) => name),
  EXPORTER_METRICS.readFailures.name,
];

interface Fault {
  readonly reason: FailureReason;
  readonly needs?: readonly Need[];
  readonly prefix?: readonly string[];
  /** Replaces the file, which was removed before, with the fault. */
  readonly arrange: (path: string) => unknown;
}

const FAULTS: Readonly<Record<string, Fault>> = {
  "a missing file": { reason: "missing", arrange: () => {} },
  "a directory": { reason: "not_regular", arrange: (path) => Deno.mkdir(path) },
  "a FIFO without a writer": {
    reason: "not_regular",
    needs: [program("mkfifo")],
    arrange: (path) => succeed("mkfifo", path),
  },
  "a socket": {
    reason: "not_regular",
    arrange: async (path) => {
      // Closing the listener removes its first name.
      using _ = Deno.listen({ transport: "unix", path: `${path}.new` });
      await Deno.rename(`${path}.new`, path);
    },
  },
  "a link to an endless device": {
    reason: "not_regular",
    arrange: (path) => Deno.symlink("/dev/zero", path),
  },
  "a link to itself": { reason: "io", arrange: (path) => Deno.symlink(path, path) },
  "a file one byte over the limit": {
    reason: "too_large",
    arrange: async (path) => {
      await writeUtmp(path, RECORDS);
      await Deno.truncate(path, MAX_FILE_SIZE + 1);
    },
  },
  "a text file": {
    reason: "malformed",
    arrange: (path) => Deno.writeTextFile(path, "no record at all\n".repeat(100)),
  },
  "a file without read permission": {
    reason: "denied",
    needs: [SETPRIV],
    prefix: UNPRIVILEGED,
    arrange: async (path) => {
      await writeUtmp(path, RECORDS);
      await Deno.chmod(path, 0o000);
    },
  },
};

/** The series of the source after this number of failed reads. */
function seriesOfFailure(reason: FailureReason, count: number): readonly string[] {
  const failures = SOURCE_NAMES.flatMap((source) =>
    FAILURE_REASONS.map((known) => {
      const value = source === "utmp" && known === reason ? count : 0;
      return `unix_user_exporter_read_failures_total{source="${source}",reason="${known}"} ${value}`;
    })
  );
  return [...failures, 'unix_user_exporter_source_up{source="utmp"} 0'].sort();
}

for (const [what, { reason, needs = [], prefix = [], arrange }] of Object.entries(FAULTS)) {
  testNeeding(needs, `${what}: the source is down, reason ${reason}, logged once`, async () => {
    await using file = await utmpFile(RECORDS);
    const { path } = file;
    await using exporter = await startExporter([file.flag], { prefix });
    await Deno.remove(path);
    await arrange(path);
    for (const count of [1, 2, 3]) {
      const scrape = await exporter.scrape();
      assertEquals(seriesOf(scrape, ...SESSION_METRIC_NAMES), []);
      assertEquals(seriesOf(scrape, ...OWN_NAMES), seriesOfFailure(reason, count));
    }
    await Deno.remove(path).catch(() => assertEquals(reason, "missing"));
    await writeUtmp(path, RECORDS);
    for (const _ of [1, 2]) {
      const scrape = await exporter.scrape();
      assertEquals(seriesOf(scrape, "unix_user_session_info"), [ALICE]);
      assertEquals(valueOf(scrape, "unix_user_exporter_source_up"), 1);
    }
    const { stderr } = await exporter.stop();
    assertEquals(messagesOf(stderr), [
      "listening",
      "reading sessions",
      "cannot read the sessions",
      "sessions can be read again",
      "stopping",
    ]);
    const [line = ""] = linesWith(stderr, "cannot read the sessions");
    const fields = `source=utmp path=${path} reason=${reason} error=.+ advice=".+"`;
    assertMatch(line, new RegExp(` level=error .* ${fields}$`));
  });
}

for (const path of ["/dev/null", "/dev/zero"]) {
  Deno.test(`--utmp-path=${path} is not opened: it is a device`, async () => {
    await using exporter = await startExporter([`--utmp-path=${path}`]);
    // The read at the start has failed too.
    const scrape = await exporter.scrape();
    assertEquals(seriesOf(scrape, ...OWN_NAMES), seriesOfFailure("not_regular", 2));
  });
}

Deno.test("a file that is missing at the start is read when it appears", async () => {
  await using file = await utmpFile();
  await using exporter = await startExporter([file.flag]);
  assertEquals(seriesOf(await exporter.scrape(), ...SESSION_METRIC_NAMES), []);
  await writeUtmp(file.path, RECORDS);
  assertEquals(seriesOf(await exporter.scrape(), "unix_user_session_info"), [ALICE]);
  const { stderr } = await exporter.stop();
  assertEquals(messagesOf(stderr), [
    "listening",
    "cannot read the sessions",
    "sessions can be read again",
    "stopping",
  ]);
});
