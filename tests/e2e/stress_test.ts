import { MAX_CONNECTIONS } from "../../lib/web/node_server.ts";
import { assert, assertEquals } from "../support/assert.ts";
import { type Exporter, startExporter } from "../support/exporter.ts";
import { program, testNeeding } from "../support/needs.ts";
import { run } from "../support/program.ts";
import { connect, send } from "../support/raw_http.ts";
import { residentMemory } from "../support/resident_memory.ts";
import { samplesOf, valueOf } from "../support/samples.ts";
import { tempDir } from "../support/temp_dir.ts";
import { login, utmpFile, writeUtmp } from "../support/utmp_file.ts";
import { until, within } from "../support/wait.ts";
import { webConfigPath, writeWebConfig } from "../support/web_config_file.ts";

/** More than the files that the exporter of these tests may open. */
const HALF_SENT = 2_000;
const IDLE = 2_000;

/** The common limit of open files of a process. */
const LIMITED = { prefix: ["prlimit", "--nofile=1024:1024"] };

const NEEDS = [program("prlimit"), program("curl")];

/** The request of Prometheus, shortened. */
const REQUEST = "GET /metrics HTTP/1.1\r\nHost: x\r\nAccept-Encoding: gzip\r\n\r\n";

/** A request whose response is more than the buffers of a connection hold. */
const PLAIN_REQUEST = "GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n";

/** The number of open files and sockets of the exporter. */
async function openFilesOf({ pid }: Exporter): Promise<number> {
  const { stdout } = await run(["ls", `/proc/${pid}/fd`]);
  return stdout.trim().split("\n").length;
}

/** Waits until the exporter has no more files open than before. */
async function untilClosed(exporter: Exporter, before: number): Promise<void> {
  await until("the exporter to close its connections", async () => {
    return await openFilesOf(exporter) <= before ? true : null;
  });
}

/** Scrapes to a file, in another process, which the work of this one does not delay. */
async function scrapeTo(path: string, { port }: Exporter): Promise<void> {
  const { code, stdout, stderr } = await run([
    ...["curl", "-sS", "--compressed", "--noproxy", "*", "-o", path],
    ...["-w", "%{http_code}", `http://127.0.0.1:${port}/metrics`],
  ]);
  assertEquals([code, stderr, stdout], [0, "", "200"]);
}

/** Checks that each session is counted once in each metric that counts sessions. */
function assertConsistent(body: string, allowed: readonly number[]): void {
  const total = valueOf(body, "unix_users_logged_in_total");
  assert(allowed.includes(total), `${total} sessions`);
  const sums: Record<string, number> = {};
  for (const sample of samplesOf(body)) {
    const name = /^\w+/.exec(sample)?.[0] ?? "";
    sums[name] = (sums[name] ?? 0) + Number(sample.slice(sample.lastIndexOf(" ") + 1));
  }
  const { unix_user_session_info: infos, unix_user_session_count, unix_sessions } = sums;
  assertEquals([infos, unix_user_session_count, unix_sessions], [total, total, total]);
}

testNeeding(NEEDS, "half-sent requests and idle connections do not block scrapes", async () => {
  await using file = await utmpFile([login("alice", "pts/0")]);
  await using dir = await tempDir();
  // The server for web configurations has the limit of connections.
  await writeWebConfig(dir, {});
  const args = [file.flag, `--web.config.file=${webConfigPath(dir)}`];
  await using exporter = await startExporter(args, LIMITED);
  await exporter.scrape();
  const before = await openFilesOf(exporter);
  const connections: Deno.Conn[] = [];
  try {
    for (let i = 0; i < HALF_SENT + IDLE; i++) {
      const connection = await within("a connection", connect(exporter.port));
      connections.push(connection);
      // The exporter may have closed it already, to make room for a later one.
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
});

/** Numbers of sessions, one after the other: too many for the buffers of a connection. */
const SIZES: readonly number[] = [9_000, 9_500, 10_000];

/** The clients of each round. */
const ROUND = { slow: 60, aborting: 200, garbage: 100, connections: 250, pipelined: 4 } as const;

const ROUNDS = 3;

/**
 * The most that the memory may grow from the first round to the last, in bytes: half of what the responses to
 * its slow clients would take. The heap settles some rounds later.
 */
const GROWTH = 150 * 2 ** 20;

/** The statuses of requests that are sent at once over one connection. */
async function pipelined(port: number, count: number): Promise<readonly string[]> {
  using connection = await connect(port);
  const last = `${REQUEST.slice(0, -2)}Connection: close\r\n\r\n`;
  await send(connection, REQUEST.repeat(count - 1) + last);
  const bytes = await new Response(connection.readable).bytes();
  return [...new TextDecoder("latin1").decode(bytes).matchAll(/HTTP\/1\.1 (\d+) /g)]
    .map(([, status = ""]) => status);
}

/** One round of hostile clients and of clients with many requests; gives the statuses of the latter. */
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
    // Whether the first request gets a response or not: the connection is closed.
    await new Response(connection.readable).bytes().catch(() => {});
  });
  const many = Array.from({ length: ROUND.connections }, () => pipelined(port, ROUND.pipelined));
  await within("hostile clients", Promise.all([...aborting, ...garbage]), 60_000);
  const statuses = await within("clients with many requests", Promise.all(many), 60_000);
  for (const connection of slow) connection.close();
  return statuses.flat();
}

testNeeding(NEEDS, "hostile clients and 1,000 scrapes at once, while sessions change", async () => {
  await using file = await utmpFile();
  const { path } = file;
  const files = SIZES.map((size) => `${path}.${size}`);
  for (const [i, size] of SIZES.entries()) {
    const records = Array.from({ length: size }, (_, n) => login(`user${n % 50}`, `pts/${n}`));
    await writeUtmp(files[i] ?? "", records);
  }
  await Deno.copyFile(files[0] ?? "", path);
  await using exporter = await startExporter([file.flag, "--web.max-requests=0"], LIMITED);
  await exporter.scrape();
  const before = await openFilesOf(exporter);
  let isEnding = false;
  const changing = (async () => {
    for (let i = 0; !isEnding; i++) {
      await Deno.copyFile(files[i % files.length] ?? "", `${path}.new`);
      await Deno.rename(`${path}.new`, path);
    }
  })();
  const memory: number[] = [];
  const statuses: string[] = [];
  try {
    for (let i = 0; i < ROUNDS; i++) {
      let isOver = false;
      const storm = round(exporter).finally(() => isOver = true);
      while (!isOver) {
        await scrapeTo(`${path}.body`, exporter);
        assertConsistent(await Deno.readTextFile(`${path}.body`), SIZES);
      }
      statuses.push(...await storm);
      await untilClosed(exporter, before);
      memory.push((await residentMemory(exporter.pid)).anonymous);
    }
  } finally {
    isEnding = true;
    await changing;
  }
  assertEquals(new Set(statuses), new Set(["200"]));
  assertEquals(statuses.length, ROUNDS * ROUND.connections * ROUND.pipelined);
  const [first = NaN, last = NaN] = [memory[0], memory.at(-1)];
  assert(last - first < GROWTH, `anonymous memory after each round: ${memory} bytes`);
});
