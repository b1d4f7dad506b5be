/**
 * Measures the start of the exporter, as it is run and as one bundled file, against a program that only
 * serves; and what each module that the exporter imports adds to that one. A machine that does something
 * else makes only longer, so the least of the times stands beside the median.
 */
import { loadedModules } from "../tests/support/modules.ts";
import { command, programCommand, run, V8_FLAGS } from "../tests/support/program.ts";
import { EMPTY } from "./empty.ts";
import { tempDir } from "../tests/support/temp_dir.ts";
import { writeUtmp } from "../tests/support/utmp_file.ts";
import { firstAnswer, type Started } from "./first_answer.ts";
import { logins } from "../tests/support/logins.ts";
import { mebibytes, median, printHead, printRow } from "./table.ts";

const RUNS = 15;
const SIZES = [3, 1_000, 10_000];

/** A program to measure: its name, and its command line for a port. */
type Candidate = readonly [name: string, words: (port: number) => readonly string[]];

/** Runs a bundled file with the permissions of the exporter; a compiled program has no code cache. */
function bundled(path: string, args: (port: number) => readonly string[]): Candidate[1] {
  const deno = [Deno.execPath(), "run", "-q", "-P", "--no-prompt", "--no-code-cache"];
  return (port) => [
    ...[...deno, `--v8-flags=${V8_FLAGS}`, "--config=deno.json", path, ...args(port)],
  ];
}

/** Writes a program as one file. */
async function bundle(source: string, target: string): Promise<string> {
  const how = ["--minify", "--platform=browser", "--config=deno.json"];
  const words = ["bundle", "-q", ...how, `--output=${target}`, source];
  const { success, stderr } = await command([Deno.execPath(), ...words]).output();
  if (!success) throw new Error(`Cannot bundle ${source}: ${new TextDecoder().decode(stderr)}`);
  return target;
}

/** What the program loads from elsewhere at its start, sorted. */
async function importedModules(): Promise<readonly string[]> {
  return (await loadedModules()).filter((name) => !/^(lib\/|main\.ts$|deno\.json$)/.test(name));
}

await using dir = await tempDir();
const listen = (port: number): string => `--web.listen-address=127.0.0.1:${port}`;
const { code, stderr } = await run(["tools/bundle.sh"]);
if (code !== 0) throw new Error(`Cannot bundle: ${stderr}`);
const program = "dist/bundle/unix-user-exporter.js";
await Deno.writeTextFile(dir.join("empty.js"), EMPTY);
const candidates: Candidate[] = [
  ["Deno.serve alone", bundled(dir.join("empty.js"), (port) => [String(port)])],
];
for (const size of SIZES) {
  const path = dir.join(`${size}.utmp`);
  await writeUtmp(path, logins(size));
  const args = (port: number): readonly string[] => [listen(port), `--utmp-path=${path}`];
  candidates.push([`exporter, ${size} sessions`, (port) => programCommand(args(port))]);
  candidates.push([`exporter bundled, ${size} sessions`, bundled(program, args)]);
}
for (const [i, name] of (await importedModules()).entries()) {
  const source = dir.join(`import${i}.js`);
  const text = `import * as all from "${name}";\nReflect.set(globalThis, "all", all);\n${EMPTY}`;
  await Deno.writeTextFile(source, text);
  const path = await bundle(source, dir.join(`bundled${i}.js`));
  candidates.push([`Deno.serve and ${name}`, bundled(path, (port) => [String(port)])]);
}

// One of each in turn, so that a busy minute of the machine is not that of one program.
const runs = new Map<string, Started[]>(candidates.map(([name]) => [name, []]));
for (let i = 0; i < RUNS; i++) {
  for (const [name, words] of candidates) runs.get(name)?.push(await firstAnswer(words));
}
printHead(
  `From start to first answer, ${RUNS} runs`,
  "program",
  "median",
  "least",
  "resident memory",
  "anonymous",
);
for (const [name, started] of runs) {
  const times = started.map(({ time }) => time);
  printRow(
    name,
    `${median(times).toFixed(0)} ms`,
    `${Math.min(...times).toFixed(0)} ms`,
    mebibytes(median(started.map(({ memory }) => memory.total))),
    mebibytes(median(started.map(({ memory }) => memory.anonymous))),
  );
}
