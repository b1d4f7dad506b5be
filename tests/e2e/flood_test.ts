import { assert, assertEquals } from "../support/assert.ts";
import { logins } from "../support/logins.ts";
import { type Exporter, startExporter } from "../support/exporter.ts";
import { linesWith } from "../support/log_lines.ts";
import { type Need, program, testNeeding } from "../support/needs.ts";
import { Peer } from "../support/peer.ts";
import { run } from "../support/program.ts";
import { residentMemory } from "../support/resident_memory.ts";
import { tempDir } from "../support/temp_dir.ts";
import { until } from "../support/wait.ts";
import { writeUtmp } from "../support/utmp_file.ts";

const HEAD = "GET /metrics HTTP/1.1\r\nHost: x\r\n";

/** What comes at once: how many connections, and what each of them sends. */
const FLOODS = [
  { name: "half-sent requests", count: 2_000, text: HEAD },
  { name: "idle connections", count: 10_000, text: "" },
  { name: "clients that do not read a large answer", count: 200, text: `${HEAD}\r\n` },
  {
    name: "bodies without an end",
    count: 4,
    text: "POST /metrics HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000000000\r\n\r\n",
    isEndless: true,
  },
] as const;

const ALL = FLOODS.reduce((sum, { count }) => sum + count, 0);

/** An answer is 1.3 MB then. */
const SESSIONS = 5_000;

/**
 * What the exporter may have in memory, in bytes: all of it where few connections can be open at a time, otherwise
 * without what is mapped from its file. A connection takes 9 kB.
 */
const MEMORY = 200e6;

/** How long a client tries again that is refused or cut, in milliseconds, and how often it asks. */
const ATTEMPT = 1_000;
const SCRAPES = 8;

/** The most files that a process may open here. */
async function hardLimit(): Promise<number> {
  const { stdout } = await run(["prlimit", "--nofile", "--output=HARD", "--noheadings"]);
  return Number(stdout.trim());
}

/** Files for all clients of a flood and some more. */
const MANY_FILES: Need = {
  what: `limit of ${ALL + 1_000} open files`,
  isOfMachine: true,
  isMet: () => {
    const { success, stdout } = new Deno.Command("sh", { args: ["-c", "ulimit -Hn"] }).outputSync();
    const text = new TextDecoder().decode(stdout).trim();
    return success && (text === "unlimited" || Number(text) >= ALL + 1_000);
  },
};

/** Scrapes until it is answered, as a client that is refused or cut tries again; gives the milliseconds. */
async function scrapeTime({ port }: Exporter): Promise<number> {
  const start = performance.now();
  const url = `http://127.0.0.1:${port}/metrics`;
  await until("an answer", async () => {
    const limit = `${ATTEMPT / 1_000}`;
    const words = ["curl", "-sS", "--noproxy", "*", "--compressed", "-o", "/dev/null", "-f"];
    const { code } = await run([...words, "--max-time", limit, url]);
    return code === 0 ? true : null;
  });
  return performance.now() - start;
}

for (
  const { files, within } of [
    { files: 1_024, within: 2_000 },
    { files: 65_536, within: 1_000 },
  ]
) {
  testNeeding(
    [program("prlimit"), program("curl"), MANY_FILES],
    `a flood of ${ALL} connections leaves scrapes ${within} ms at most, where ${files} files may be open`,
    async () => {
      await using dir = await tempDir();
      const path = dir.join("utmp");
      await writeUtmp(path, logins(SESSIONS));
      const limit = Math.min(files, await hardLimit());
      const prefix = ["prlimit", `--nofile=${limit}:${limit}`];
      await using exporter = await startExporter([`--utmp-path=${path}`], { prefix });
      // Node has a limit of connections instead.
      const isNode = (await exporter.scrape()).includes('denoversion="node-');
      const runsOut = limit === 1_024 && !isNode;
      await using clients = new AsyncDisposableStack();
      const flooding = FLOODS.map(({ count, text, ...rest }) => {
        const args = [exporter.port, count, JSON.stringify(text), "isEndless" in rest && "endless"];
        const script = ["run", "-q", "-P=e2e", "--no-prompt", "tests/support/flooding_client.ts"];
        return clients.use(new Peer([Deno.execPath(), ...script, ...args.map(String)]));
      });
      const opened = Promise.all(flooding.map((client) => client.printed(/^opened \d+$/m)));
      const times: number[] = [];
      for (let i = 0; i < SCRAPES; i++) times.push(await scrapeTime(exporter));
      await opened;
      times.push(await scrapeTime(exporter));
      assert(Math.max(...times) <= within, `milliseconds: ${times.map(Math.round)}`);
      const { total, anonymous } = await residentMemory(exporter.pid);
      const bytes = limit === 1_024 ? total : anonymous;
      assert(bytes < MEMORY, `${bytes} bytes`);
      await clients.disposeAsync();
      if (runsOut) await exporter.line(/connections are accepted again/);
      const { code, stderr } = await exporter.stop();
      assertEquals(code, 0, stderr);
      // One line when it begins and one when it is over, however often it happened.
      const expected = runsOut ? 1 : 0;
      assertEquals(linesWith(stderr, "cannot accept connections").length, expected, stderr);
      assertEquals(linesWith(stderr, "connections are accepted again").length, expected, stderr);
    },
  );
}
