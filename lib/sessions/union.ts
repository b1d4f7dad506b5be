import { NONE, type Session } from "./session.ts";
import type { LogindSnapshot, Snapshot } from "./snapshot.ts";

/**
 * Every session that utmp or logind knows, each once: those of utmp in their order, then those that only
 * logind knows.
 *
 * A record and a session of logind are the same when the process of the record is the leader of the
 * session, by which systemd itself finds the line of a session (`manager_read_utmp` in `src/login`), or
 * when both name the same line: a terminal, or an X display. Nothing is
 * matched by likeness. What that means where it is not one to one:
 *
 * - A line has one session at a time, and logind is told of the end of each. All records on the line of a
 *   session of logind are that session; the one of its leader counts, else the newest.
 * - sshd writes a record for each terminal of one connection, all with the leader of one session. One of
 *   them is that session, that on its line or else the first. The others stay sessions, as for who(1).
 * - A record of another user is left over from an earlier session, whose process id or line was given
 *   away since. It is no session, and nothing of it is taken.
 * - A session that logind is closing has ended, and with it the user's records of its leader. Its line may
 *   have been given to another session, so a record on it stays.
 * - Sessions that logind does not count, of greeters and services, match nothing: what has a record in
 *   utmp is a session for the program that wrote it.
 */
export function unionOf(utmp: Snapshot, logind: LogindSnapshot): Snapshot {
  const byPid = grouped(utmp.sessions, ({ pid }) => pid);
  const byLine = grouped(utmp.sessions, ({ tty }) => tty === NONE ? null : tty);
  /** What stands for a record: a session of logind, itself with what logind knows, or nothing. */
  const fates = new Map<Session, Session | null>();
  const freeOf = (records: readonly Session[] = []): readonly Session[] =>
    records.filter((record) => !fates.has(record));

  const isMatched = logind.sessions.map((session, i) => {
    const led = session.pid === null ? [] : freeOf(byPid.get(session.pid));
    const lines = linesOf(session, logind.displays[i]);
    const record = led.find(({ tty }) => lines.includes(tty)) ?? led[0];
    if (record !== undefined) fates.set(record, mergedSession(record, session));
    return record !== undefined;
  });
  const added = logind.sessions.filter((session, i) => {
    const lines = linesOf(session, logind.displays[i]);
    const onLine = lines.flatMap((line) => freeOf(byLine.get(line)));
    for (const record of onLine) fates.set(record, null);
    const newest = isMatched[i] ? undefined : newestOf(onLine);
    if (newest !== undefined) fates.set(newest, mergedSession(newest, session));
    return !isMatched[i] && newest === undefined;
  });
  for (const session of logind.closing) {
    const led = session.pid === null ? [] : freeOf(byPid.get(session.pid));
    for (const record of led) if (isSameUser(record, session)) fates.set(record, null);
  }

  const known = utmp.sessions.map((record) => fates.has(record) ? fates.get(record) : record);
  return {
    ...utmp,
    sessions: [...known.filter((session) => session !== null && session !== undefined), ...added],
    closing: logind.closing,
    faults: utmp.faults + logind.faults,
  };
}

/** What utmp may name as the line of a session. */
function linesOf({ tty }: Session, display = ""): readonly string[] {
  return [tty, display].filter((line) => line !== NONE && line !== "");
}

/** What both know of a session: line, origin and time of utmp; user, leader and kind of logind. */
function mergedSession(record: Session, session: Session): Session {
  if (!isSameUser(record, session)) return session;
  const host = record.from === NONE ? session : record;
  return {
    ...session,
    from: host.from,
    remote: record.remote || session.remote,
    tty: record.tty === NONE ? session.tty : record.tty,
    kind: kindOfBoth(record, session),
    loginTime: record.loginTime ?? session.loginTime,
    pid: session.pid ?? record.pid,
  };
}

/** A record has room for 32 bytes of a name. */
function isSameUser(record: Session, session: Session): boolean {
  return session.username.startsWith(record.username);
}

/** logind knows what is graphical, utmp which line it is on. */
function kindOfBoth(record: Session, session: Session): Session["kind"] {
  return session.kind === "graphical" || record.kind === "other" ? session.kind : record.kind;
}

function newestOf(records: readonly Session[]): Session | undefined {
  return records.toSorted((a, b) => (b.loginTime ?? 0) - (a.loginTime ?? 0))[0];
}

/** The sessions by a key; those without one are in no group. */
function grouped<Key>(
  sessions: readonly Session[],
  keyOf: (session: Session) => Key | null,
): ReadonlyMap<Key, readonly Session[]> {
  const groups = new Map<Key, Session[]>();
  for (const session of sessions) {
    const key = keyOf(session);
    if (key === null) continue;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [session]);
    else group.push(session);
  }
  return groups;
}
