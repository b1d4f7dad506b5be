import { EXPORTER_METRICS, SCRAPE_METRICS } from "../../lib/metrics/catalog.ts";
import { FAILURE_REASONS, type FailureReason, SOURCE_NAMES } from "../../lib/sessions/snapshot.ts";
import { MAX_FILE_SIZE } from "../../lib/files/files.ts";
import { assertEquals, assertMatch } from "../support/assert.ts";
import { startExporter } from "../support/exporter.ts";
import { linesWith, messagesOf } from "../support/log_lines.ts";
import { type Need, program, testNeeding } from "../support/needs.ts";
import { run } from "../support/program.ts";
import { seriesOf, SESSION_METRIC_NAMES, valueOf } from "../support/samples.ts";
import { tempDir } from "../support/temp_dir.ts";
import { SETPRIV, UNPRIVILEGED } from "../support/unprivileged.ts";
import { infoOf, login, writeUtmp } from "../support/utmp_file.ts";

const ALICE = infoOf("alice", "pts/0");

const OWN_NAMES: readonly string[] = [
  ...Object.values(SCRAPE_METRICS).map(({ name }) => name),
  EXPORTER_METRICS.readFailures.name,
];

/** A file in whose place there is something else, or nothing. */
interface Fault {
  readonly what: string;
  readonly reason: FailureReason;
  readonly needs?: readonly Need[];
  readonly prefix?: readonly string[];
  /** Puts the fault in the place of the file, which is gone already. */
  readonly arrange: (path: string) => Promise<void>;
}

const FAULTS: readonly Fault[] = [
  { what: "a missing file", reason: "missing", arrange: async () => {} },
  { what: "a directory", reason: "not_regular", arrange: (path) => Deno.mkdir(path) },
  {
    what: "a FIFO that nobody writes to",
    reason: "not_regular",
    needs: [program("mkfifo")],
    arrange: async (path) => assertEquals((await run(["mkfifo", path])).code, 0),
  },
  {
    what: "a socket",
    reason: "not_regular",
    arrange: async (path) => {
      // Closing the listener removes the name that it was made with.
      using _ = Deno.listen({ transport: "unix", path: `${path}.new` });
      await Deno.rename(`${path}.new`, path);
    },
  },
  {
    what: "a link to a device without end",
    reason: "not_regular",
    arrange: (path) => Deno.symlink("/dev/zero", path),
  },
  { what: "a link to itself", reason: "io", arrange: (path) => Deno.symlink(path, path) },
  {
    what: "a file one byte over the limit",
    reason: "too_large",
    arrange: async (path) => {
      await writeUtmp(path, [login("alice", "pts/0")]);
      await Deno.truncate(path, MAX_FILE_SIZE + 1);
    },
  },
  {
    what: "a file of something else",
    reason: "malformed",
    arrange: (path) => Deno.writeTextFile(path, "no record at all\n".repeat(100)),
  },
  {
    what: "a file that the user may not read",
    reason: "denied",
    needs: [SETPRIV],
    prefix: UNPRIVILEGED,
    arrange: async (path) => {
      await writeUtmp(path, [login("alice", "pts/0")]);
      await Deno.chmod(path, 0o000);
    },
  },
];

/** The series of the source while it cannot be read, after so many failed looks for this reason. */
function seriesOfFailure(reason: FailureReason, count: number): readonly string[] {
  const failures = SOURCE_NAMES.flatMap((source) =>
    FAILURE_REASONS.map((known) => {
      const value = source === "utmp" && known === reason ? count : 0;
      return `unix_user_exporter_read_failures_total{source="${source}",reason="${known}"} ${value}`;
    })
  );
  return [...failures, 'unix_user_exporter_source_up{source="utmp"} 0'].sort();
}

for (const { what, reason, needs = [], prefix = [], arrange } of FAULTS) {
  const name = `${what} is a source that is down for the reason ${reason}, logged once`;
  testNeeding(needs, name, async () => {
    await using dir = await tempDir();
    const path = dir.join("utmp");
    await writeUtmp(path, [login("alice", "pts/0")]);
    await using exporter = await startExporter([`--utmp-path=${path}`], { prefix });
    await Deno.remove(path);
    await arrange(path);
    for (const count of [1, 2, 3]) {
      const scrape = await exporter.scrape();
      assertEquals(seriesOf(scrape, ...SESSION_METRIC_NAMES), []);
      assertEquals(seriesOf(scrape, ...OWN_NAMES), seriesOfFailure(reason, count));
    }
    await Deno.remove(path).catch(() => assertEquals(reason, "missing"));
    await writeUtmp(path, [login("alice", "pts/0")]);
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
    const [line] = linesWith(stderr, "cannot read the sessions");
    const wanted =
      ` level=error .* source=utmp path=${path} reason=${reason} error=.+ advice=".+"$`;
    assertMatch(line ?? "", new RegExp(wanted));
  });
}

for (const path of ["/dev/null", "/dev/zero"]) {
  Deno.test(`--utmp-path=${path} is not opened: a device is no file`, async () => {
    await using exporter = await startExporter([`--utmp-path=${path}`]);
    // The look at the start has failed too.
    const scrape = await exporter.scrape();
    assertEquals(seriesOf(scrape, ...OWN_NAMES), seriesOfFailure("not_regular", 2));
  });
}

Deno.test("a file that is missing at the start is read when it appears", async () => {
  await using dir = await tempDir();
  const path = dir.join("utmp");
  await using exporter = await startExporter([`--utmp-path=${path}`]);
  assertEquals(seriesOf(await exporter.scrape(), ...SESSION_METRIC_NAMES), []);
  await writeUtmp(path, [login("alice", "pts/0")]);
  assertEquals(seriesOf(await exporter.scrape(), "unix_user_session_info"), [ALICE]);
  const { stderr } = await exporter.stop();
  assertEquals(messagesOf(stderr), [
    "listening",
    "cannot read the sessions",
    "sessions can be read again",
    "stopping",
  ]);
});
