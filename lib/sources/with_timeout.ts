import { Timeout } from "../files/timeout.ts";
import type { ReadResult, Snapshot, SourceName } from "../sessions/snapshot.ts";
import type { Source } from "./source.ts";

/** How long a scrape waits for a source, in milliseconds. */
export const SOURCE_TIMEOUT = 3_000;

/** A source whose read fails if it takes too long or rejects. */
export function sourceWithTimeout<Held extends Snapshot>(
  source: Source<Held>,
  { name, path, milliseconds = SOURCE_TIMEOUT }: {
    readonly name: SourceName;
    readonly path: string;
    readonly milliseconds?: number;
  },
): Source<Held> {
  const timeout = new Timeout<ReadResult<Held>>(milliseconds);
  const advice = "check the file system that holds the path";
  return {
    read: async () => {
      const read = await timeout.run(() => source.read());
      if (read.ok) return read.value;
      const { error } = read;
      return { ok: false, failure: { source: name, path, reason: "io", error, advice } };
    },
  };
}
