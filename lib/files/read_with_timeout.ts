import type { ReadFailure } from "../sessions/snapshot.ts";
import { Timeout } from "./timeout.ts";

/** How long a scrape waits for a source, in milliseconds. */
export const READ_TIMEOUT = 3_000;

/** A read of a source that fails if it takes too long or rejects. */
export function readWithTimeout<Read>(
  read: () => Promise<Read>,
  { source, path, milliseconds = READ_TIMEOUT }: {
    readonly source: ReadFailure["source"];
    readonly path: string;
    readonly milliseconds?: number;
  },
): () => Promise<Read | { readonly ok: false; readonly failure: ReadFailure }> {
  const timeout = new Timeout<Read>(milliseconds);
  const advice = "check the file system of the path";
  return async () => {
    const outcome = await timeout.run(read);
    if (outcome.ok) return outcome.value;
    return { ok: false, failure: { source, path, reason: "io", error: outcome.error, advice } };
  };
}
