import fc from "fast-check";
import { HEAD_SIZE } from "../../lib/history/record_file.ts";
import type { HistorySource } from "../../lib/history/history_source.ts";
import { LAYOUT_NAMES, LAYOUTS } from "../../lib/utmp/layout.ts";
import { assertEquals } from "../support/assert.ts";
import { encodeUtmp } from "../support/encode_utmp.ts";
import { GrowingFiles } from "../support/growing_files.ts";
import { btmpSource, wtmpSource } from "../support/history.ts";
import { REALISTIC } from "../support/realistic_utmp.ts";

/** The bytes of a file, and where they are divided into appends; up to 320 records, beyond the head. */
const APPENDS = fc.record({
  layout: fc.constantFrom(...LAYOUT_NAMES),
  records: REALISTIC,
  copies: fc.constantFrom(1, 1, 2, 12),
  damage: fc.array(fc.tuple(fc.nat(40_000), fc.nat(255)), { maxLength: 3 }),
  cuts: fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 6 }),
}).map(({ layout, records, copies, damage, cuts }) => {
  const repeated = Array.from({ length: copies }, () => records).flat().slice(0, 320);
  const bytes = encodeUtmp(layout, repeated);
  for (const [at, byte] of damage) if (at < bytes.length) bytes[at] = byte;
  const at = cuts.map((cut) => Math.floor(cut * (bytes.length + 1))).sort((a, b) => a - b);
  return { bytes, at, isLong: bytes.length > HEAD_SIZE, size: LAYOUTS[layout].size };
});

/** What a read gives that depends on the content. */
async function contentOf(source: HistorySource<unknown>): Promise<unknown> {
  const read = await source.read({ waits: true });
  return read.ok ? read.data : read.failure;
}

for (const [name, sourceOf] of [["wtmp", wtmpSource], ["btmp", btmpSource]] as const) {
  Deno.test(`${name}: every split of the bytes into appends gives the result of one read, after each append`, async () => {
    let long = 0;
    await fc.assert(
      fc.asyncProperty(APPENDS, async ({ bytes, at, isLong }) => {
        if (isLong) long++;
        const files = new GrowingFiles();
        files.create(name);
        const source = sourceOf(files);
        for (const [i, end] of [...at, bytes.length].entries()) {
          files.append(name, bytes.subarray(at[i - 1] ?? 0, end));
          const appended = await contentOf(source);
          const whole = new GrowingFiles();
          whole.create(name, bytes.slice(0, end));
          assertEquals(appended, await contentOf(sourceOf(whole)));
        }
      }),
      { numRuns: 200 },
    );
    assertEquals(long > 0, true, "some files are longer than the head");
  });
}

Deno.test("a file that grows record by record gives what one read gives, across the end of the head", async () => {
  const files = new GrowingFiles();
  files.create("btmp");
  const source = btmpSource(files);
  const count = Math.ceil(HEAD_SIZE / 384) + 3;
  for (let i = 1; i <= count; i++) {
    const record = { type: "login_process", line: "tty1", pid: i, seconds: 1_753_273_800 } as const;
    files.append("btmp", encodeUtmp("384le", [record]));
    const read = await source.read({ waits: false });
    assertEquals(read.ok && read.data?.local, i);
  }
  assertEquals(files.opens, 1);
});
