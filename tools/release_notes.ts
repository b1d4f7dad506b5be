/**
 * Prints a table of the executables with their size and start time, for the notes of a release. Arguments: the
 * executables, whose names end with their architecture.
 */
import { basename } from "node:path";
import { firstAnswer } from "../bench/first_answer.ts";
import { pathOf } from "../tests/support/needs.ts";

/** How often an executable is started, the median counts; under qemu it is started once. */
const STARTS = 5;

/** The time from the start of an executable to the end of its first answer, and under what it ran. */
async function startOf(file: string): Promise<string> {
  const [, arch = ""] = /-linux-(\w+)$/.exec(file) ?? [];
  const emulator = `qemu-${arch.replace("armv7", "arm")}-static`;
  const isForeign = arch !== Deno.build.arch;
  if (isForeign && pathOf(emulator) === null) return `not measured: no ${emulator}`;
  const times: number[] = [];
  for (let i = 0; i < (isForeign ? 1 : STARTS); i++) {
    const { time } = await firstAnswer((port) => [
      ...(isForeign ? [emulator, file] : [file]),
      `--web.listen-address=127.0.0.1:${port}`,
      ...["--source=utmp", "--utmp-path=tests/fixtures/x86_64.utmp"],
    ]);
    times.push(time);
  }
  const median = times.sort((a, b) => a - b)[Math.floor(times.length / 2)] ?? NaN;
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

The time is from the start of the process to the end of its first answer to a scrape, on the machine that built
the release; without qemu it is the median of ${STARTS} starts.
`;
await Deno.stdout.write(new TextEncoder().encode(text));
