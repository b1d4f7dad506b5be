import { LogOnChange } from "../lib/log_on_change.ts";
import { assertEquals } from "./support/assert.ts";

Deno.test("each change of state is logged once, with the previous state", () => {
  const lines: string[] = [];
  const faults = new LogOnChange(0);
  for (const count of [0, 2, 2, 3, 0, 0]) {
    faults.update(count, (previous) => lines.push(`${previous} -> ${count}`));
    assertEquals(faults.state, count);
  }
  assertEquals(lines, ["0 -> 2", "2 -> 3", "3 -> 0"]);
});
