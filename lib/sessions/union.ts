import { NONE, type Session } from "./session.ts";
import type { Snapshot } from "./snapshot.ts";

/**
 * Every session of two sources, each once: those of the first in their order, then those of the second only. The
 * rules are those for utmp and logind; they hold for each source that knows leaders or lines.
 *
 * A utmp record and a logind session match if the process of the record is the leader of the session, or if both
 * have the same line: a terminal or an X display. systemd itself finds the line of a session by its leader
 * (`manager_read_utmp` in `src/login`). Rules for several matches:
 *
 * - A line has one session at a time, and logind knows when it ends. So all records on the line of a logind
 *   session are that session. The record of the leader is used, or the newest one.
 * - sshd writes a record for each terminal of a connection, all with the leader of one session. The record on the
 *   line of the session matches it, or the first one. The other records are sessions of their own, as in who(1).
 * - A matching record of another user is left over from an earlier session whose process id or line was reused.
 *   It is ignored.
 * - A closing logind session has ended, and so have the records of its leader and user. Its line may belong to
 *   another session by now, so records on its line are kept.
 * - logind sessions that do not count, of greeters and services, match no record: the program that wrote the
 *   record considers it a session.
 */
export function unionOf(utmp: Snapshot, logind: Snapshot): Snapshot {
  const byPid = grouped(utmp.sessions, ({ pid }) => pid);
  const byLine = grouped(utmp.sessions, ({ tty }) => tty === NONE ? null : tty);
  /** The session for a matched record; null if the record is ignored. */
  const replacements = new Map<Session, Session | null>();
  const unmatchedOf = (records: readonly Session[] = []): readonly Session[] =>
    records.filter((record) => !replacements.has(record));

  const isMatched = logind.sessions.map((session, i) => {
    const led = session.pid === null ? [] : unmatchedOf(byPid.get(session.pid));
    const lines = linesOf(session, logind.displays?.[i]);
    const record = led.find(({ tty }) => lines.includes(tty)) ?? led[0];
    if (record !== undefined) replacements.set(record, mergedSession(record, session));
    return record !== undefined;
  });
  const added = logind.sessions.filter((session, i) => {
    const lines = linesOf(session, logind.displays?.[i]);
    const onLine = lines.flatMap((line) => unmatchedOf(byLine.get(line)));
    for (const record of onLine) replacements.set(record, null);
    const newest = isMatched[i] ? undefined : newestOf(onLine);
    if (newest !== undefined) replacements.set(newest, mergedSession(newest, session));
    return !isMatched[i] && newest === undefined;
  });
  for (const session of logind.closing ?? []) {
    const led = session.pid === null ? [] : unmatchedOf(byPid.get(session.pid));
    for (const record of led) if (isSameUser(record, session)) replacements.set(record, null);
  }

  const known = utmp.sessions.map((record) =>
    replacements.has(record) ? replacements.get(record) : record
  );
  return {
    sessions: [...known.filter((session) => session !== null && session !== undefined), ...added],
    closing: utmp.closing === null ? logind.closing : [...utmp.closing, ...logind.closing ?? []],
    bootTime: utmp.bootTime ?? logind.bootTime,
    records: utmp.records ?? logind.records,
    faults: utmp.faults + logind.faults,
    overLimit: utmp.overLimit + logind.overLimit,
  };
}

/** The lines that utmp may have for a session. */
function linesOf({ tty }: Session, display = ""): readonly string[] {
  return [tty, display].filter((line) => line !== NONE && line !== "");
}

/** Merges both: line, origin and time are those of utmp; user, leader and kind are those of logind. */
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

/** Whether both have the same user. A record has only the first 32 bytes of a user name. */
function isSameUser(record: Session, session: Session): boolean {
  return session.username.startsWith(record.username);
}

/** logind knows which sessions are graphical; utmp knows the line. */
function kindOfBoth(record: Session, session: Session): Session["kind"] {
  return session.kind === "graphical" || record.kind === "other" ? session.kind : record.kind;
}

function newestOf(records: readonly Session[]): Session | undefined {
  return records.toSorted((a, b) => (b.loginTime ?? 0) - (a.loginTime ?? 0))[0];
}

/** Groups sessions by a key. Sessions without a key are in no group. */
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
