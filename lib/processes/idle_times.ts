// @ts-types="../declarations/std_async_pool.d.ts"
import { pooledMap } from "@std/async/pool";
import type { Session } from "../sessions/session.ts";
import { CONCURRENCY, type Files } from "../files/files.ts";

/** A line that names a device: one or two plain parts, so that no name leads out of the folder. */
const DEVICE_LINE = /^[A-Za-z0-9][\w-]*(\/[A-Za-z0-9][\w-]*)?$/;

/**
 * How long nobody typed on the terminals of sessions, in seconds, from the time of last access of their
 * devices as w(1) does it: at least 0, and absent where there is no such device. The kernel counts that
 * time in steps of 8 seconds, so that it tells nothing about keystrokes.
 */
export async function idleTimes(
  sessions: readonly Session[],
  { path, files, now }: {
    /** Where the host's /dev is mounted. */
    readonly path: string;
    readonly files: Files;
    /** Milliseconds since the epoch. */
    readonly now: number;
  },
): Promise<ReadonlyMap<Session, number>> {
  const idle = new Map<Session, number>();
  const result = async (session: Session): Promise<void> => {
    const accessed = await accessTime(files, `${path}/`, session.tty);
    if (accessed !== null) idle.set(session, Math.max(0, (now - accessed) / 1000));
  };
  for await (const _ of pooledMap(CONCURRENCY, sessions, result));
  return idle;
}

async function accessTime(files: Files, folder: string, line: string): Promise<number | null> {
  if (!DEVICE_LINE.test(line)) return null;
  try {
    const { isCharDevice, atime } = await files.stat(folder + line);
    return isCharDevice && atime !== null ? atime.getTime() : null;
  } catch {
    return null;
  }
}
