import type { LogindSession } from "../logind/session_file.ts";
import { originText, parseOrigin } from "./origin.ts";
import { kindOfLine, orNone, type Session, type SessionKind } from "./session.ts";
import { visibleText } from "../utmp/mod.ts";

/** The types of graphical sessions. */
const GRAPHICAL_TYPES: ReadonlySet<string> = new Set(["x11", "wayland", "mir"]);

/**
 * A session that counts, with its X display, which may be empty; or why a file does not count. `closing` is a
 * session that does not count because it has ended.
 */
export type LogindOutcome =
  | { readonly counts: true; readonly session: Session; readonly display: string }
  | { readonly counts: false; readonly why: string; readonly closing: Session | null };

/**
 * The session of a logind file, in the form that utmp gives. It counts if its class starts with `user`, which
 * excludes greeters, lock screens, background jobs and the user's manager, and if it is not closing: then the
 * user has logged out, but processes of the session still run.
 */
export function sessionOfLogind(file: LogindSession): LogindOutcome {
  if (!file.class.startsWith("user")) {
    return { counts: false, why: `class is ${file.class}`, closing: null };
  }
  const line = textOfLogind(file.tty);
  const host = textOfLogind(file.remoteHost);
  const display = textOfLogind(file.display);
  const from = host !== "" ? host : display;
  const origin = parseOrigin(from, line);
  const session = {
    username: textOfLogind(file.user),
    from: orNone(originText(from, origin)),
    tty: orNone(line),
    kind: kindOf(file, line, from),
    remote: origin.isRemote || (from === "" && file.remote),
    loginTime: file.realtime === null ? null : file.realtime / 1e6,
    pid: file.leader,
  };
  return file.state === "closing"
    ? { counts: false, why: "state is closing", closing: session }
    : { counts: true, session, display };
}

/** The kind of a session. logind does not know the terminal of an ssh session, only its type. */
function kindOf({ type }: LogindSession, line: string, from: string): SessionKind {
  if (GRAPHICAL_TYPES.has(type)) return "graphical";
  return line === "" && type === "tty" ? "pty" : kindOfLine(line, from);
}

/** The bytes of a session file as visible text. */
export function textOfLogind(bytes: Uint8Array): string {
  return visibleText(bytes, 0, bytes.length);
}
