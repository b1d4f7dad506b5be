import { decodeUtmp } from "../../lib/utmp/decode.ts";
import { assert, assertEquals } from "../support/assert.ts";
import { btmpSource, failuresOf } from "../support/history.ts";
import { program, testNeeding } from "../support/needs.ts";
import { command } from "../support/program.ts";
import { succeed } from "../support/succeed.ts";
import { tempDir } from "../support/temp_dir.ts";
import { until } from "../support/wait.ts";

const ROTATIONS = 6;

/** So many records are written, and so many reads made, between two rotations. */
const RECORDS = 150;
const READS = 5;

/** Reads a btmp file all the time, and adds up its increases as Prometheus does. */
class Reader {
  readonly #path: string;
  readonly #source: ReturnType<typeof btmpSource>;
  /** The last value, and the sum of all increases since 0. */
  value = 0;
  sum = 0;
  reads = 0;

  constructor(path: string) {
    this.#path = path;
    this.#source = btmpSource(Deno, { path });
  }

  async read(): Promise<void> {
    const value = failuresOf(await this.#source.read({ waits: true }));
    // Between the renaming and the creation there is no file, and Prometheus gets no sample.
    if (value === "missing") return;
    assert(typeof value === "number", `${this.#path}: ${value}`);
    this.sum += value < this.value ? value : value - this.value;
    this.value = value;
    this.reads++;
  }
}

/** The numbers of the records of a file. */
async function numbersIn(path: string): Promise<readonly number[]> {
  return decodeUtmp(await Deno.readFile(path), "384le").records.map(({ pid }) => pid);
}

/** What a run gave. `values` are those before each rotation, `files` the numbers of the records, oldest first. */
interface Rotated {
  readonly written: number;
  readonly sum: number;
  readonly values: readonly number[];
  readonly files: readonly (readonly number[])[];
}

/** Rotates a btmp file with a directive of logrotate while records are written to it and counted. */
async function rotated(directive: string): Promise<Rotated> {
  await using dir = await tempDir();
  const [path, config, state] = [dir.join("btmp"), dir.join("conf"), dir.join("state")];
  await Deno.writeFile(path, new Uint8Array(), { mode: 0o600 });
  await Deno.writeTextFile(config, `${path} {\n  rotate 99\n  ${directive}\n}\n`, { mode: 0o600 });
  const reader = new Reader(path);
  await reader.read();
  const deno = [Deno.execPath(), "run", "-q", "-P=e2e", "--no-prompt"];
  const writer = command([...deno, "tests/support/record_writer.ts", path]).spawn();
  const values: number[] = [];
  let isReading = true;
  const reading = (async () => {
    while (isReading) {
      await reader.read();
      await new Promise((resolve) => setTimeout(resolve, 3));
    }
  })();
  try {
    for (let rotation = 0; rotation < ROTATIONS; rotation++) {
      const { sum, reads } = reader;
      const isDue = (): boolean => reader.sum >= sum + RECORDS && reader.reads >= reads + READS;
      await until("new records", () => Promise.resolve(isDue() || null));
      values.push(reader.value);
      await succeed("logrotate", "--force", "--state", state, config);
    }
  } finally {
    writer.kill("SIGTERM");
    isReading = false;
    await reading;
  }
  const { stdout } = await writer.output();
  for (let i = 0; i < READS; i++) await reader.read();
  const names = [...Array.from({ length: ROTATIONS }, (_, i) => `${path}.${ROTATIONS - i}`), path];
  return {
    written: Number(new TextDecoder().decode(stdout)),
    sum: reader.sum,
    values,
    files: await Promise.all(names.map(numbersIn)),
  };
}

testNeeding(
  [program("logrotate")],
  "logrotate with create: the sum of all increases is the number of records written",
  async () => {
    const { written, sum, files } = await rotated("create 0600");
    assertEquals(files.flat().length, written);
    assertEquals(sum, written);
  },
);

testNeeding(
  [program("logrotate")],
  "logrotate with copytruncate: only records written after the last read before the rotation are lost",
  async () => {
    const { written, sum, values, files } = await rotated("copytruncate");
    const starts = files.map(([first]) => first ?? written + 1);
    // What was written between the last read before a rotation and the truncation, in the copy or not.
    const exposed = values.map((value, i) => (starts[i + 1] ?? 0) - (starts[i] ?? 0) - value);
    assert(exposed.every((records) => records >= 0), JSON.stringify(exposed));
    const least = written - exposed.reduce((total, records) => total + records, 0);
    assert(sum >= least && sum <= written, `${least} <= ${sum} <= ${written}`);
  },
);
