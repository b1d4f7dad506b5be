import { parseOrigin } from "./origin.ts";

/** Kinds of terminals; `other` if the line does not show the kind. */
export const SESSION_KINDS = ["console", "pty", "graphical", "other"] as const;

/** One of {@link SESSION_KINDS}. */
export type SessionKind = (typeof SESSION_KINDS)[number];

/** A login session from any source. All strings are visible text. */
export interface Session {
  readonly username: string;
  /** Address or name of the remote host, or the display or console of a local login; `-` if there is none. */
  readonly from: string;
  /** Terminal without `/dev/`; `-` if there is none. */
  readonly tty: string;
  readonly kind: SessionKind;
  readonly remote: boolean;
  /** Seconds since the epoch, with microseconds as fraction; null if not known. */
  readonly loginTime: number | null;
  /** Process id of the login process, on the machine that wrote the record; null if not known. */
  readonly pid: number | null;
}

/** A session that counts, or why a record does not count. */
export type SessionOutcome =
  | { readonly counts: true; readonly session: Session }
  | { readonly counts: false; readonly why: string };

/** The label value for a missing origin or terminal, as in who(1). */
export const NONE = "-";

/** Pseudo terminals: Unix 98 and the BSD names before it (pty(7)). */
const PTY_LINE = /^(pts\/|pty|tty[a-ep-z][0-9a-f]$)/;

/**
 * Lines of display managers and remote desktops: a display (`:0`, `192.0.2.3:2`), a seat without virtual
 * terminals, xrdp (`xrdp:11`), and GDM without a screen (`headless`).
 */
const GRAPHICAL_LINE = /^(:|seat|xrdp:\d|headless$)|:\d+(\.\d+)?$/;

/** Virtual, serial and hypervisor consoles (console(4), the kernel's `devices.txt`). */
const CONSOLE_LINE = /^(tty|console$|hvc|hvsi|xvc|sclp_line|3270)/;

/** The text, or {@link NONE} if it is empty. */
export function orNone(text: string): string {
  return text === "" ? NONE : text;
}

/**
 * The kind of the terminal of a session. A display manager writes the virtual terminal as line, or none, and as
 * host the display (`:0`), the line itself or `local`. login(1) writes the same line without a host.
 */
export function kindOfLine(line: string, host: string): SessionKind {
  if (PTY_LINE.test(line)) return "pty";
  if (GRAPHICAL_LINE.test(line)) return "graphical";
  const isOnDisplay = parseOrigin(host, line).note === "display";
  if (line === "") return isOnDisplay ? "graphical" : "other";
  if (!CONSOLE_LINE.test(line)) return "other";
  const byDisplayManager = isOnDisplay || host === "local" ||
    (host === line && line !== "console");
  return byDisplayManager ? "graphical" : "console";
}
