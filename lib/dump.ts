import type { DecodedUtmp } from "./utmp/decode.ts";

/** The decoded file as JSON lines: each record in the order of the file, then each fault. */
export function dumpLines({ records, faults }: DecodedUtmp): readonly string[] {
  return [...records, ...faults].map((entry) => JSON.stringify(entry));
}
