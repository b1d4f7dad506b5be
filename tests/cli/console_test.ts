import { consoleOf, FAILED, MISUSED } from "../../lib/cli/console.ts";
import { assertEquals } from "../support/assert.ts";

/** A stream that keeps what is written. */
function keptOutput(): { readonly text: () => string; writeSync(bytes: Uint8Array): number } {
  let text = "";
  return {
    text: () => text,
    writeSync: (bytes) => {
      text += new TextDecoder().decode(bytes);
      return bytes.length;
    },
  };
}

const BROKEN = {
  writeSync: (): number => {
    throw new Deno.errors.BrokenPipe("gone");
  },
};

Deno.test("lines go to stdout, and a complaint is one escaped line on stderr", () => {
  const [stdout, stderr] = [keptOutput(), keptOutput()];
  const { print, complain } = consoleOf({ stdout, stderr });
  assertEquals([print(["a", "b"]), stdout.text()], [0, "a\nb\n"]);
  assertEquals(complain("bad \x1b[2J\nname", MISUSED), MISUSED);
  assertEquals(stderr.text(), "unix-user-exporter: bad \\x1b[2J\\nname\n");
});

Deno.test("a stdout that cannot be written is a failure with one line on stderr", () => {
  const stderr = keptOutput();
  const { print } = consoleOf({ stdout: BROKEN, stderr });
  assertEquals(print(["a"]), FAILED);
  assertEquals(stderr.text(), "unix-user-exporter: cannot write to stdout: BrokenPipe: gone\n");
});

Deno.test("a stderr that cannot be written is ignored", () => {
  const { complain } = consoleOf({ stdout: BROKEN, stderr: BROKEN });
  assertEquals(complain("a", FAILED), FAILED);
});
