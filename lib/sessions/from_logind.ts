import type { LogindSession } from "../logind/session_file.ts";
import { originText, parseOrigin } from "./origin.ts";
import { kindOfLine, orNone, type Session, type SessionKind } from "./session.ts";
import { visibleText } from "../utmp/mod.ts";

/** Types of sessions that have a screen of their own. */
const GRAPHICAL_TYPES: ReadonlySet<string> = new Set(["x11", "wayland", "mir"]);

/**
 * A session that counts, with its X display, which is empty where it has none; or why a file is no session.
 * `closing` is the session that has ended, where it is one.
 */
export type LogindOutcome =
  | { readonly counts: true; readonly session: Session; readonly display: string }
  | { readonly counts: false; readonly why: string; readonly closing: Session | null };

/**
 * The session of a logind file, as utmp would show it. It counts when its class begins with `user`, which
 * leaves out greeters, lock screens, background jobs and the user's manager, and when it is not closing:
 * the login of such a one has ended, and processes that it left behind keep it.
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

/** logind does not know the terminal of an ssh session, but that it has the type of one. */
function kindOf({ type }: LogindSession, line: string, from: string): SessionKind {
  if (GRAPHICAL_TYPES.has(type)) return "graphical";
  return line === "" && type === "tty" ? "pty" : kindOfLine(line, from);
}

/** The bytes of a session file as visible text. */
export function textOfLogind(bytes: Uint8Array): string {
  return visibleText(bytes, 0, bytes.length);
}
