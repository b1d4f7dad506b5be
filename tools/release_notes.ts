/**
 * Prints a table of the executables with their size and start time, for the notes of a release. Arguments: the
 * executables, whose names end with their architecture.
 */
import { basename } from "node:path";
import { firstAnswer } from "../bench/first_answer.ts";
import { pathOf } from "../tests/support/needs.ts";

/** How often each executable is started; the median counts. */
const STARTS = 3;

/** The time from the start of an executable to the end of its first answer, and under what it ran. */
async function startOf(file: string): Promise<string> {
  const [, arch = ""] = /-linux-(\w+)$/.exec(file) ?? [];
  const emulator = `qemu-${arch.replace("armv7", "arm")}-static`;
  const isForeign = arch !== Deno.build.arch;
  if (isForeign && pathOf(emulator) === null) return `not measured: no ${emulator}`;
  const program = isForeign ? [emulator, file] : [file];
  const times: number[] = [];
  for (let i = 0; i < STARTS; i++) {
    const { time } = await firstAnswer((port) => [
      ...program,
      `--web.listen-address=127.0.0.1:${port}`,
      ...["--source=utmp", "--utmp-path=tests/fixtures/x86_64.utmp"],
    ]);
    times.push(time);
  }
  const median = times.sort((a, b) => a - b)[Math.floor(STARTS / 2)] ?? NaN;
  return `${Math.round(median)} ms${isForeign ? " under qemu" : ""}`;
}

async function row(file: string): Promise<string> {
  const { size } = await Deno.stat(file);
  return `| ${basename(file)} | ${(size / 1e6).toFixed(1)} MB | ${await startOf(file)} |`;
}

const rows: string[] = [];
for (const file of Deno.args) rows.push(await row(file));
const text = `| executable | size | time to the first answer |
| --- | --- | --- |
${rows.join("\n")}

The time is the median of ${STARTS} starts on the machine that built the release.
`;
await Deno.stdout.write(new TextEncoder().encode(text));
