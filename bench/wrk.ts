import { command } from "../tests/support/program.ts";

/** How to load a server. */
export interface Load {
  /** How many clients ask at a time, each over one connection that is kept. */
  readonly clients: number;
  readonly isCompressed: boolean;
  /** A file that each client changes before it asks, and where in it a number may be changed; or none. */
  readonly change: { readonly path: string; readonly offset: number } | null;
}

/** What a load gave. */
export interface Measured {
  readonly requests: number;
  readonly perSecond: number;
  /** Milliseconds until the last byte of an answer: the middle, and what 99 of 100 answers keep. */
  readonly median: number;
  readonly p99: number;
  /** An answer with its headers, in bytes. */
  readonly size: number;
}

/** What wrk.lua prints; times are in microseconds. */
interface Summary {
  readonly requests: number;
  readonly duration: number;
  readonly bytes: number;
  readonly median: number;
  readonly p99: number;
  readonly errors: number;
}

/** How long a load lasts, in seconds. */
const DURATION = 3;

/**
 * Loads a server with wrk, which takes so little of the processor itself that the server is measured and
 * not the client. An answer other than 200 is an error.
 */
export async function measure(
  url: string,
  { clients, isCompressed, change }: Load,
): Promise<Measured> {
  const { code, stdout, stderr } = await command([
    "wrk",
    "--threads=1",
    `--connections=${clients}`,
    `--duration=${DURATION}s`,
    "--timeout=30s",
    "--script=bench/wrk.lua",
    ...isCompressed ? ["--header=Accept-Encoding: gzip"] : [],
    url,
    ...change === null ? [] : ["--", change.path, String(change.offset)],
  ]).output();
  const text = new TextDecoder().decode(stdout);
  if (code !== 0) throw new Error(`wrk failed: ${text}${new TextDecoder().decode(stderr)}`);
  const summary: Summary = JSON.parse(text.trimEnd().split("\n").at(-1) ?? "");
  const { requests, duration, bytes, median, p99, errors } = summary;
  if (errors > 0 || requests === 0) throw new Error(`${errors} of ${requests} requests failed`);
  return {
    requests,
    perSecond: requests / (duration / 1e6),
    median: median / 1e3,
    p99: p99 / 1e3,
    size: bytes / requests,
  };
}
