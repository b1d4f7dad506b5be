import { MAX_CONNECTIONS } from "../../lib/web/node_server.ts";
import { assert, assertEquals } from "../support/assert.ts";
import { type Exporter, startExporter } from "../support/exporter.ts";
import { program, testNeeding } from "../support/needs.ts";
import { run } from "../support/program.ts";
import { connect, send } from "../support/raw_http.ts";
import { samplesOf, valueOf } from "../support/samples.ts";
import { tempDir } from "../support/temp_dir.ts";
import { login, writeUtmp } from "../support/utmp_file.ts";
import { until, within } from "../support/wait.ts";
import { webConfigPath, writeWebConfig } from "../support/web_config_file.ts";

/** More than the files that the exporter of these tests may open. */
const HALF_SENT = 2_000;
const IDLE = 2_000;

/** The exporter with as many open files as a process has everywhere. */
const PREFIX = ["prlimit", "--nofile=1024:1024"];

const NEEDS = [program("prlimit")];

/** What Prometheus sends, in short. */
const REQUEST = "GET /metrics HTTP/1.1\r\nHost: x\r\nAccept-Encoding: gzip\r\n\r\n";

/** What a client sends that wants more than the buffers of a connection hold. */
const PLAIN_REQUEST = "GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n";

/** The files and sockets that the exporter has open, as the system counts them. */
async function openFilesOf({ pid }: Exporter): Promise<number> {
  const { stdout } = await run(["ls", `/proc/${pid}/fd`]);
  return stdout.trim().split("\n").length;
}

/** Memory of the exporter that is its own and in use, in MiB. */
async function anonymousMemoryOf({ pid }: Exporter): Promise<number> {
  const { stdout } = await run(["grep", "RssAnon", `/proc/${pid}/status`]);
  return Number(/\d+/.exec(stdout)?.[0]) / 1024;
}

/** Waits until the exporter has no more files open than it had. */
async function untilClosed(exporter: Exporter, before: number): Promise<void> {
  await until("the exporter to close its connections", async () => {
    return await openFilesOf(exporter) <= before ? true : null;
  });
}

/** A scrape in a process of its own, which the work of this one does not hold up, to a file. */
async function scrapeTo(path: string, { port }: Exporter): Promise<void> {
  const { code, stdout, stderr } = await run([
    ...["curl", "-sS", "--compressed", "--noproxy", "*", "-o", path],
    ...["-w", "%{http_code}", `http://127.0.0.1:${port}/metrics`],
  ]);
  assertEquals([code, stderr, stdout], [0, "", "200"]);
}

/** Holds that what a scrape says fits together: each session is there once in everything that counts it. */
function assertConsistent(body: string, allowed: readonly number[]): void {
  const total = valueOf(body, "unix_users_logged_in_total");
  assert(allowed.includes(total), `${total} sessions`);
  const counts: Record<string, number> = {};
  for (const sample of samplesOf(body)) {
    const name = /^\w+/.exec(sample)?.[0] ?? "";
    counts[name] = (counts[name] ?? 0) + Number(sample.slice(sample.lastIndexOf(" ") + 1));
  }
  const { unix_user_session_info: infos, unix_user_session_count, unix_sessions } = counts;
  assertEquals([infos, unix_user_session_count, unix_sessions], [total, total, total]);
}

testNeeding(
  [...NEEDS, program("curl")],
  `with a web configuration, ${HALF_SENT} half-sent requests and ${IDLE} idle connections leave room for a scrape`,
  async () => {
    await using dir = await tempDir();
    const path = dir.join("utmp");
    await writeUtmp(path, [login("alice", "pts/0")]);
    await writeWebConfig(dir, {});
    const args = [`--utmp-path=${path}`, `--web.config.file=${webConfigPath(dir)}`];
    await using exporter = await startExporter(args, { prefix: PREFIX });
    await exporter.scrape();
    const before = await openFilesOf(exporter);
    const connections: Deno.Conn[] = [];
    try {
      for (let i = 0; i < HALF_SENT + IDLE; i++) {
        const connection = await within("a connection", connect(exporter.port));
        connections.push(connection);
        // The exporter may have closed it by now, to make room for a later one.
        if (i % 2 === 0) await send(connection, REQUEST.slice(0, -2)).catch(() => {});
      }
      const open = await openFilesOf(exporter);
      assert(open >= MAX_CONNECTIONS && open < 1024, `${open} files are open`);
      for (let i = 0; i < 5; i++) await scrapeTo(dir.join("body"), exporter);
    } finally {
      for (const connection of connections) connection.close();
    }
    await untilClosed(exporter, before);
    assertEquals(valueOf(await exporter.scrape(), "unix_users_logged_in_total"), 1);
  },
);

/** How many sessions there are, one after the other: enough that no buffer holds a whole answer. */
const SIZES: readonly number[] = [9_000, 9_500, 10_000];

/** What each round of clients does. */
const ROUND = { slow: 60, aborting: 200, garbage: 100, connections: 250, pipelined: 4 } as const;

/** How many times the clients come. */
const ROUNDS = 3;

/**
 * What the exporter may hold more after the last round than after the first, in MiB: half of what the
 * answers to its slow clients would take. The heap settles some rounds later.
 */
const GROWTH = 150;

/** Changes a file as fast as it can be written until it is told to end. */
async function keepChanging(
  path: string,
  files: readonly string[],
  end: AbortSignal,
): Promise<void> {
  for (let i = 0; !end.aborted; i++) {
    await Deno.copyFile(files[i % files.length] ?? "", `${path}.new`);
    await Deno.rename(`${path}.new`, path);
  }
}

/** The statuses of requests that are sent at once over one connection. */
async function pipelined(port: number, count: number): Promise<readonly string[]> {
  using connection = await connect(port);
  await send(
    connection,
    REQUEST.repeat(count - 1) + REQUEST.slice(0, -2) + "Connection: close\r\n\r\n",
  );
  const bytes = await new Response(connection.readable).bytes();
  return [...new TextDecoder("latin1").decode(bytes).matchAll(/HTTP\/1\.1 (\d+) /g)].map((
    [, s = ""],
  ) => s);
}

/** One round of hostile and of hasty clients; gives the statuses of the hasty ones. */
async function round({ port }: Exporter): Promise<readonly string[]> {
  const slow = await Promise.all(Array.from({ length: ROUND.slow }, async () => {
    const connection = await connect(port);
    await send(connection, PLAIN_REQUEST);
    return connection;
  }));
  const aborting = Array.from({ length: ROUND.aborting }, async () => {
    using connection = await connect(port);
    await send(connection, PLAIN_REQUEST);
  });
  const garbage = Array.from({ length: ROUND.garbage }, async () => {
    using connection = await connect(port);
    await send(connection, `${REQUEST}\0\xff\x16\x03 garbage ${"x".repeat(1_000)}\r\n\r\n`);
    // Whether the first request is still answered or not: the connection ends.
    await new Response(connection.readable).bytes().catch(() => {});
  });
  const hasty = Array.from({ length: ROUND.connections }, () => pipelined(port, ROUND.pipelined));
  await within("hostile clients", Promise.all([...aborting, ...garbage]), 60_000);
  const statuses = await within("hasty clients", Promise.all(hasty), 60_000);
  for (const connection of slow) connection.close();
  return statuses.flat();
}

testNeeding(
  [...NEEDS, program("curl")],
  "slow, aborting and garbled clients and 1,000 scrapes at once, while sessions change",
  async () => {
    await using dir = await tempDir();
    const path = dir.join("utmp");
    const files = SIZES.map((size) => dir.join(`utmp.${size}`));
    for (const [i, size] of SIZES.entries()) {
      const records = Array.from({ length: size }, (_, n) => login(`user${n % 50}`, `pts/${n}`));
      await writeUtmp(files[i] ?? "", records);
    }
    await Deno.copyFile(files[0] ?? "", path);
    const args = [`--utmp-path=${path}`, "--web.max-requests=0"];
    await using exporter = await startExporter(args, { prefix: PREFIX });
    await exporter.scrape();
    const before = await openFilesOf(exporter);
    const end = new AbortController();
    const changing = keepChanging(path, files, end.signal);
    const memory: number[] = [];
    const statuses: string[] = [];
    try {
      for (let i = 0; i < ROUNDS; i++) {
        let isOver = false;
        const storm = round(exporter).finally(() => isOver = true);
        while (!isOver) {
          const body = dir.join("body");
          await scrapeTo(body, exporter);
          assertConsistent(await Deno.readTextFile(body), SIZES);
        }
        statuses.push(...await storm);
        await untilClosed(exporter, before);
        memory.push(await anonymousMemoryOf(exporter));
      }
    } finally {
      end.abort();
      await changing;
    }
    const scrapes = ROUNDS * ROUND.connections * ROUND.pipelined;
    const found = Object.fromEntries(
      [...new Set(statuses)].map((s) => [s, statuses.filter((status) => status === s).length]),
    );
    assertEquals(found, { 200: scrapes });
    const [first = NaN, last = NaN] = [memory[0], memory.at(-1)];
    assert(last - first < GROWTH, `anonymous memory after each round: ${memory} MiB`);
  },
);
