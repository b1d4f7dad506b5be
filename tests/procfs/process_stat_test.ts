import fc from "fast-check";
import { decodeBootTime, decodeProcessStat, lineOfDevice } from "../../lib/procfs/process_stat.ts";
import { assertEquals } from "../support/assert.ts";
import { statText } from "../support/stat_text.ts";

for (const name of ["bash", "a b", "x) S 1 2 3 4", "((", ") (", ""]) {
  Deno.test(`the stat of a process named ${JSON.stringify(name)}`, () => {
    const expected = { name, terminal: 34_817, startedAfterBoot: 123.45 };
    assertEquals(decodeProcessStat(statText(name, 34_817, 12_345)), expected);
  });
}

for (const state of ["R", "D", "T", "Z", "X"]) {
  const runs = !"ZX".includes(state);
  Deno.test(`a process in state ${state} ${runs ? "runs" : "has ended"}`, () => {
    const text = statText("bash", 0, 1).replace(") S", `) ${state}`);
    assertEquals(decodeProcessStat(text) !== null, runs);
  });
}

for (const text of ["", "100", "100 (x", "100 (x) S 1 2 3", "100 (x) S 1 100 100 tty -1"]) {
  Deno.test(`not a stat: ${JSON.stringify(text)}`, () =>
    assertEquals(decodeProcessStat(text), null));
}

for (
  const [device, line] of [
    ...[0, 0x9000, 0x0501, -1].map((device) => [device, null] as const),
    [0x8800, "pts/0"],
    [0x8801, "pts/1"],
    [0x88ff, "pts/255"],
    [0x8900, "pts/256"],
    [0x8fff, "pts/2047"],
    [0x108800, "pts/256"],
    [0x0401, "tty1"],
    [0x043f, "tty63"],
    [0x0440, "ttyS0"],
  ] as const
) {
  Deno.test(`the line of device ${device}: ${line}`, () =>
    assertEquals(lineOfDevice(device), line));
}

for (
  const [text, seconds] of [
    ["cpu  1 2 3\nbtime 1753266000\nprocesses 5\n", 1_753_266_000],
    ["cpu 1\n", null],
    ["xbtime 5\n", null],
    ["", null],
  ] as const
) {
  Deno.test(`boot time of ${JSON.stringify(text)}`, () =>
    assertEquals(decodeBootTime(text), seconds));
}

Deno.test("any text gives a result", () => {
  fc.assert(fc.property(fc.string(), (text) => {
    decodeProcessStat(text);
    decodeBootTime(text);
  }));
});
