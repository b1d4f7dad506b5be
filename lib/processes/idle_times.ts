// @ts-types="../declarations/std_async_pool.d.ts"
import { pooledMap } from "@std/async/pool";
import type { Session } from "../sessions/session.ts";
import { CONCURRENCY, type Files } from "../files/files.ts";

/** The lines that may be used as a path: one or two plain parts, so that no name leaves the directory. */
const DEVICE_LINE = /^[A-Za-z0-9][\w-]*(\/[A-Za-z0-9][\w-]*)?$/;

/**
 * Seconds since the last input on the terminals of sessions, from the access time of their devices as in w(1).
 * At least 0; no entry for a session without such a device. The kernel updates the access time in steps of 8
 * seconds, so that it reveals no keystrokes.
 */
export async function idleTimes(
  sessions: readonly Session[],
  { path, files, now }: {
    /** The mount of the host's /dev. */
    readonly path: string;
    readonly files: Files;
    /** Milliseconds since the epoch. */
    readonly now: number;
  },
): Promise<ReadonlyMap<Session, number>> {
  const idle = new Map<Session, number>();
  const check = async (session: Session): Promise<void> => {
    const accessed = await accessTime(files, `${path}/`, session.tty);
    if (accessed !== null) idle.set(session, Math.max(0, (now - accessed) / 1000));
  };
  for await (const _ of pooledMap(CONCURRENCY, sessions, check));
  return idle;
}

async function accessTime(files: Files, directory: string, line: string): Promise<number | null> {
  if (!DEVICE_LINE.test(line)) return null;
  try {
    const { isCharDevice, atime } = await files.stat(directory + line);
    return isCharDevice && atime !== null ? atime.getTime() : null;
  } catch {
    return null;
  }
}
