import { configureLog, LOG_LEVELS, type LogFormat, printable } from "../lib/log.ts";
import { assertEquals, assertMatch, assertNotMatch } from "./support/assert.ts";

function logged(
  format: LogFormat,
  level: (typeof LOG_LEVELS)[number],
  user = "ann",
): readonly string[] {
  const lines: string[] = [];
  const log = configureLog({ level, format, write: (line) => lines.push(line) });
  for (const name of LOG_LEVELS) log[name]("a message", { user });
  return lines;
}

Deno.test("logfmt: a line for each message at the level or above", () => {
  const lines = logged("logfmt", "warn").map((line) => line.replace(/^time=\S+/, "time=T"));
  assertEquals(lines, [
    'time=T level=warn logger=unix_user_exporter msg="a message" user=ann\n',
    'time=T level=error logger=unix_user_exporter msg="a message" user=ann\n',
  ]);
});

Deno.test("json: an object for each message, with its properties and the message", () => {
  const [{ "@timestamp": time, ...rest }, ...others] = logged("json", "error")
    .map((line) => JSON.parse(line));
  assertEquals([typeof time, others], ["string", []]);
  const texts = { logger: "unix_user_exporter", message: "a message", user: "ann" };
  assertEquals(rest, { level: "ERROR", ...texts });
});

Deno.test("json: a warning has the level of the flag, whatever its properties are", () => {
  const [line = ""] = logged("json", "warn", "warning");
  assertEquals([JSON.parse(line).level, JSON.parse(line).user], ["WARN", "warning"]);
});

for (const [level, count] of [["debug", 4], ["info", 3], ["warn", 2], ["error", 1]] as const) {
  Deno.test(`level ${level} logs ${count} levels`, () => {
    assertEquals(logged("logfmt", level).length, count);
  });
}

const FORGED = "a\nlevel=error msg=forged";

for (const format of ["logfmt", "json"] as const) {
  for (const hostile of [FORGED, "\x1b[2J\x1b[31m", "\x9b31m\x85", "\r\x00\x7f", '"} {"']) {
    Deno.test(`${format}: ${JSON.stringify(hostile)} is on one line and escaped`, () => {
      const [line = ""] = logged(format, "error", hostile);
      assertMatch(line, /^[^\n]*\n$/);
      assertNotMatch(line.slice(0, -1), /\p{Cc}/u);
      if (format === "json") assertEquals(JSON.parse(line).user, hostile);
    });
  }
}

Deno.test("any text is printable as one line", () => {
  assertEquals(printable("a\nb\r\x1b[31mc\x7f\x9b"), "a\\nb\\r\\x1b[31mc\\x7f\\x9b");
});
