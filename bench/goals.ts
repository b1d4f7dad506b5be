/**
 * Measures the bundled exporter beside a program that only serves, and beside the original where the variable
 * ORIGINAL names its command. Prints one table of what was aimed at. All are measured in turn, several times, so
 * that a busy moment of the machine is not that of one program; the medians count.
 */
import { command, run, V8_FLAGS } from "../tests/support/program.ts";
import { freePort } from "../tests/support/free_port.ts";
import { type ResidentMemory, residentMemory } from "../tests/support/resident_memory.ts";
import { tempDir } from "../tests/support/temp_dir.ts";
import { writeUtmp } from "../tests/support/utmp_file.ts";
import { LAYOUTS } from "../lib/utmp/layout.ts";
import { logins } from "../tests/support/logins.ts";
import { EMPTY } from "./empty.ts";
import { firstAnswer, type Started, whenListening } from "./first_answer.ts";
import { mebibytes, median, printHead, printRow } from "./table.ts";
import { measure } from "./wrk.ts";

/** How often each is measured. */
const STARTS = 9;
const ROUNDS = 3;

const CLIENTS = 4;

/** After so many scrapes the memory is looked at. */
const SCRAPES = 10_000;

/** A command line for a port and a utmp file. */
type Words = (port: number, path: string) => readonly string[];

const deno = [Deno.execPath(), "run", "-q", "-P", "--no-prompt", "--no-code-cache"];
const flags = ["--config=deno.json", `--v8-flags=${V8_FLAGS}`];

await using dir = await tempDir();
await Deno.writeTextFile(dir.join("empty.js"), EMPTY);
const { code, stderr } = await run(["tools/bundle.sh"]);
if (code !== 0) throw new Error(`Cannot bundle: ${stderr}`);

const empty: Words = (port) => [...deno, "--config=deno.json", dir.join("empty.js"), String(port)];
const exporter: Words = (port, path) => [
  ...[...deno, ...flags, "dist/bundle/unix-user-exporter.js"],
  ...[`--web.listen-address=127.0.0.1:${port}`, `--utmp-path=${path}`],
];
const original = Deno.env.get("ORIGINAL");
const originalWords: Words = (port, path) => [
  ...(original ?? "").split(" "),
  ...[`-web.listen-address=127.0.0.1:${port}`, `-utmp-path=${path}`],
];

/** A file of sessions that the original reads too: it takes a 7 or 8 in other numbers for a record. */
async function utmpOf(size: number): Promise<string> {
  const path = dir.join(`${size}.utmp`);
  const same = { pid: 1_000_001, session: 0, microseconds: 0, address: new Uint8Array(16) };
  await writeUtmp(path, logins(size).map((record) => ({ ...record, ...same })));
  return path;
}

interface Loaded {
  readonly perSecond: number;
  readonly memory: ResidentMemory;
}

/** Loads a server with so many scrapes at least; `path` is changed before each of them where that is asked for. */
async function load(
  words: Words,
  { path, scrapes, isChanged }: {
    readonly path: string;
    readonly scrapes: number;
    readonly isChanged: boolean;
  },
): Promise<Loaded> {
  const port = freePort();
  await using server = command(words(port, path), { stdout: "null" }).spawn();
  try {
    await whenListening(port);
    const change = isChanged ? { path, offset: LAYOUTS["384le"].seconds.offset } : null;
    const url = `http://127.0.0.1:${port}/metrics`;
    const rates: number[] = [];
    for (let done = 0; done < scrapes || rates.length === 0;) {
      const measured = await measure(url, { clients: CLIENTS, isCompressed: false, change });
      rates.push(measured.perSecond);
      done += measured.requests;
    }
    return { perSecond: median(rates), memory: await residentMemory(server.pid) };
  } finally {
    server.kill("SIGKILL");
    await server.stderr.cancel();
  }
}

/** The medians of several loads of each, in turn. */
async function loads(
  candidates: readonly Words[],
  options: Parameters<typeof load>[1],
): Promise<readonly { readonly perSecond: number; readonly resident: number }[]> {
  const results: Loaded[][] = candidates.map(() => []);
  for (let i = 0; i < ROUNDS; i++) {
    for (const [n, words] of candidates.entries()) results[n]?.push(await load(words, options));
  }
  return results.map((each) => ({
    perSecond: median(each.map(({ perSecond }) => perSecond)),
    resident: median(each.map(({ memory }) => memory.total)),
  }));
}

const three = await utmpOf(3);
const starts: Record<"empty" | "exporter", Started[]> = { empty: [], exporter: [] };
for (let i = 0; i < STARTS; i++) {
  starts.empty.push(await firstAnswer((port) => empty(port, three)));
  starts.exporter.push(await firstAnswer((port) => exporter(port, three)));
}
const time = (each: readonly Started[]): number => median(each.map(({ time }) => time));
const resident = (each: readonly Started[]): number =>
  median(each.map(({ memory }) => memory.total));
const ratio = (a: number, b: number): string => (a / b).toFixed(2);

printHead("Goals", "what", "measured", "goal");
const [ours, emptys] = [starts.exporter, starts.empty];
const ms = (each: readonly Started[]): string => `${time(each).toFixed(0)} ms`;
printRow(
  "first answer / Deno.serve alone",
  `${ms(ours)} / ${ms(emptys)} = ${ratio(time(ours), time(emptys))}`,
  "<= 2.0",
);
const compared = (a: number, b: number): string =>
  `${mebibytes(a)} / ${mebibytes(b)} = ${ratio(a, b)}`;
printRow(
  "resident at start / Deno.serve alone",
  compared(resident(ours), resident(emptys)),
  "<= 1.35",
);

const others = original === undefined ? [] : [originalWords];
const small = { path: three, scrapes: SCRAPES, isChanged: false };
const [a, b, c] = await loads([exporter, empty, ...others], small);
if (a === undefined || b === undefined) throw new RangeError("Cannot measure nothing");
printRow(
  `resident after ${SCRAPES} scrapes / Deno.serve alone`,
  compared(a.resident, b.resident),
  "<= 1.3",
);
const rate = ({ perSecond }: { readonly perSecond: number }): string => perSecond.toFixed(0);
printRow(
  "scrapes/s, 3 sessions / Deno.serve alone",
  `${rate(a)} / ${rate(b)} = ${ratio(a.perSecond, b.perSecond)}`,
  "",
);
const best = (x: { readonly perSecond: number }, y?: { readonly perSecond: number }): string =>
  y === undefined
    ? `${rate(x)}, ORIGINAL is not set`
    : `${rate(x)} / ${rate(y)} = ${ratio(x.perSecond, y.perSecond)}`;
printRow("scrapes/s, 3 sessions / the original", best(a, c), ">= 10");
for (const [size, goal] of [[1_000, ">= 39"], [10_000, ">= 60"]] as const) {
  const path = await utmpOf(size);
  const [x, y] = await loads([exporter, ...others], { path, scrapes: 0, isChanged: false });
  if (x === undefined) throw new RangeError("Cannot measure nothing");
  if (size === 10_000) {
    printRow("resident with 10,000 sessions, steady", `${mebibytes(x.resident)}`, "<= 100 MB");
  }
  printRow(`scrapes/s, ${size} sessions / the original`, best(x, y), goal);
  if (size < 10_000) continue;
  const [changed] = await loads([exporter], { path, scrapes: 0, isChanged: true });
  if (changed === undefined) throw new RangeError("Cannot measure nothing");
  printRow(
    `scrapes/s, ${size} sessions, changed each time / the original unchanged`,
    best(changed, y),
    ">= 2",
  );
}
