import type { LogindSession } from "./logind/session_file.ts";
import { originText, parseOrigin } from "./origin.ts";
import { kindOfLine, orNone, type SessionKind, type Verdict } from "./session.ts";
import { visibleText } from "./utmp/text.ts";

/** Types of sessions that have a screen of their own. */
const GRAPHICAL_TYPES: ReadonlySet<string> = new Set(["x11", "wayland", "mir"]);

/** Longer values are cut: a label of a host has as many bytes in utmp. */
export const MAX_TEXT_BYTES = 256;

/**
 * The session of a logind file, as utmp would show it. It counts when its class begins with `user`, which
 * leaves out greeters, lock screens, background jobs and the user's manager, and when it is not closing.
 */
export function sessionOfLogind(file: LogindSession): Verdict {
  if (!file.class.startsWith("user")) return { counts: false, why: `class is ${file.class}` };
  if (file.state === "closing") return { counts: false, why: "state is closing" };
  const line = textOfLogind(file.tty);
  const host = textOfLogind(file.remoteHost);
  const from = host !== "" ? host : textOfLogind(file.display);
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
  return { counts: true, session };
}

function kindOf(file: LogindSession, line: string, from: string): SessionKind {
  return GRAPHICAL_TYPES.has(file.type) ? "graphical" : kindOfLine(line, from);
}

/** The bytes of a session file as visible text, cut at {@link MAX_TEXT_BYTES}. */
export function textOfLogind(bytes: Uint8Array): string {
  return visibleText(bytes, 0, Math.min(bytes.length, MAX_TEXT_BYTES));
}
