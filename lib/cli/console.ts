import { printable } from "../log.ts";
import { encodedLines, type Output, writeBytes, writeText } from "./output.ts";

/** Exit codes: the operation failed, and the command line or a configuration is wrong. */
export const FAILED = 1;
export const MISUSED = 2;

/** Standard output and standard error. The functions that return a number return an exit code. */
export interface Console {
  /** Prints lines to stdout. Fails if they cannot be written. */
  readonly print: (lines: Iterable<string>) => number;
  /** Writes bytes to stdout. Fails if they cannot be written. */
  readonly printBytes: (parts: Iterable<Uint8Array>) => number;
  /** Prints one error line to stderr, with control characters escaped, and returns `code`. */
  readonly complain: (text: string, code: number) => number;
  /** Writes a whole log line to stderr. Ignores errors: without stderr nobody reads them. */
  readonly writeLogLine: (line: string) => void;
}

/** The console of two streams. */
export function consoleOf(
  { stdout, stderr }: { readonly stdout: Output; readonly stderr: Output },
): Console {
  const writeLogLine = (line: string): void => {
    try {
      writeText(stderr, line);
    } catch {
      return;
    }
  };
  const complain = (text: string, code: number): number => {
    writeLogLine(`unix-user-exporter: ${printable(text)}\n`);
    return code;
  };
  const printBytes = (parts: Iterable<Uint8Array>): number => {
    try {
      for (const bytes of parts) writeBytes(stdout, bytes);
      return 0;
    } catch (error) {
      return complain(`cannot write to stdout: ${error}`, FAILED);
    }
  };
  return { print: (lines) => printBytes(encodedLines(lines)), printBytes, complain, writeLogLine };
}
