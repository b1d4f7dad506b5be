import { halfWrittenRecords, looksHalfWritten, PAGE } from "../../lib/utmp/half_written.ts";
import { LAYOUT_NAMES, LAYOUTS } from "../../lib/utmp/layout.ts";
import { assertEquals } from "../support/assert.ts";

for (const name of LAYOUT_NAMES) {
  const { size } = LAYOUTS[name];
  const start = PAGE - PAGE % size;
  const before = new Uint8Array(30 * size);

  /** The half-written records if these bytes changed. */
  const found = (...changed: readonly number[]): readonly number[] => {
    const now = before.slice();
    for (const at of changed) now[at] = 1;
    return halfWrittenRecords(before, now, size);
  };

  Deno.test(`${name}: a record across a page is half-written if only one side of the page changed`, () => {
    assertEquals(found(), []);
    assertEquals(found(start), [start]);
    assertEquals(found(PAGE - 1), [start]);
    assertEquals(found(PAGE), [start]);
    assertEquals(found(start + size - 1), [start]);
    assertEquals(found(start, PAGE), []);
    assertEquals(found(start - 1, start + size), []);
    assertEquals(found(start, 2 * PAGE), [start, 2 * PAGE - (2 * PAGE) % size]);
  });

  Deno.test(`${name}: a record looks half-written if its host changed without its process id or time`, () => {
    const { pid, host, seconds, microseconds, address } = LAYOUTS[name];
    const looks = (...changed: readonly number[]): boolean => {
      const now = before.slice();
      for (const at of changed) now[2 * size + at] = 1;
      return looksHalfWritten(before, now, LAYOUTS[name]);
    };
    const [process, time] = [pid.offset + 3, seconds.offset];
    const end = host.offset + host.length - 1;
    assertEquals([looks(), looks(process), looks(time), looks(process, time)], [
      false,
      false,
      false,
      false,
    ]);
    for (const body of [pid.offset + 4, host.offset, end]) {
      assertEquals([looks(body), looks(process, body), looks(body, time)], [true, true, true]);
      assertEquals([looks(0, body, time), looks(process, body, address.offset - 1)], [
        false,
        false,
      ]);
      assertEquals(looks(process, body, microseconds.offset), false);
    }
    assertEquals([looks(process, end + 1), looks(process, end, seconds.offset - 1)], [false, true]);
    assertEquals(looks(0, host.offset, time, size + host.offset), true);
    const short = before.subarray(0, 3 * size - 1);
    assertEquals(
      looksHalfWritten(short, before.slice().fill(1, 2 * size + pid.offset + 4), LAYOUTS[name]),
      false,
    );
  });

  Deno.test(`${name}: a record at the end that is not complete in both is ignored`, () => {
    const now = before.slice(0, start + size - 1).fill(1, start, PAGE);
    assertEquals(halfWrittenRecords(before, now, size), []);
    assertEquals(halfWrittenRecords(now, before, size), []);
    assertEquals(halfWrittenRecords(new Uint8Array(), before, size), []);
  });
}

Deno.test("a record that starts at a page does not cross it", () => {
  const before = new Uint8Array(2 * PAGE);
  assertEquals(halfWrittenRecords(before, before.slice().fill(1, PAGE), 512), []);
});
