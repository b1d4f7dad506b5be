import type { Pair } from "./certificates.ts";
import { run } from "./program.ts";
import { parse, type RawAnswer } from "./raw_http.ts";

/** Exit codes of curl if the server closes the connection: in the handshake, without a certificate, later. */
const CUT_OFF: readonly number[] = [35, 52, 56, 98];

/** Gets a URL with curl; null if the server closes the connection. */
export async function curl(url: string, ...options: readonly string[]): Promise<RawAnswer | null> {
  const { code, stdout, stderr } = await run([
    ...["curl", "-q", "--silent", "--show-error", "--noproxy", "*", "--include"],
    ...options,
    url,
  ]);
  if (CUT_OFF.includes(code)) return null;
  if (code !== 0) throw new Error(`curl ${options.join(" ")} ${url} ended with ${code}: ${stderr}`);
  return parse(stdout);
}

/** The options for a client certificate. */
export function showing(pair: Pair | null): readonly string[] {
  return pair === null ? [] : ["--cert", pair.cert, "--key", pair.key];
}
