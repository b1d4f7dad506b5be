import { BOOT_TOLERANCE, bootTimeOf } from "../../lib/sessions/boot_time.ts";
import { assertEquals } from "../support/assert.ts";

const KERNEL = 1_700_000_000;
const EARLIEST = Date.UTC(1990, 0) / 1000;

for (
  const [what, recorded, kernel, expected] of [
    ["neither is known", null, null, null],
    ["no boot record", null, KERNEL, KERNEL],
    ["no procfs", KERNEL + 5.25, null, KERNEL + 5.25],
    ["both are of one boot", KERNEL + 5.25, KERNEL, KERNEL + 5.25],
    ["a record without a time", 0, null, null],
    ["a record of 1970", 5, null, null],
    ["a record of 1970, and the kernel", 5, KERNEL, KERNEL],
    ["a record of the last second of 1989", EARLIEST - 1, null, null],
    ["a record of the first second of 1990", EARLIEST, null, EARLIEST],
    ["a record a little before the kernel", KERNEL - BOOT_TOLERANCE, KERNEL, KERNEL - 60],
    ["a record from before the kernel started", KERNEL - BOOT_TOLERANCE - 1, KERNEL, KERNEL],
    ["the boot of a container, days after the kernel", KERNEL + 90_000, KERNEL, KERNEL + 90_000],
  ] as const
) {
  Deno.test(`boot time: ${what}`, () => assertEquals(bootTimeOf(recorded, kernel), expected));
}
