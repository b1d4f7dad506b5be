import { parseOrigin } from "./origin.ts";

/** What a session is seen on; `other` where the line tells nothing. */
export const SESSION_KINDS = ["console", "pty", "graphical", "other"] as const;

/** One of {@link SESSION_KINDS}. */
export type SessionKind = (typeof SESSION_KINDS)[number];

/** One login session, whichever source it came from. All strings are visible text. */
export interface Session {
  readonly username: string;
  /** Address or name of the remote host; for a local login its display or other place; `-` for none. */
  readonly from: string;
  /** Terminal without `/dev/`; `-` when there is none. */
  readonly tty: string;
  readonly kind: SessionKind;
  readonly remote: boolean;
  /** Seconds since the epoch, with microseconds as fraction; null when not known. */
  readonly loginTime: number | null;
  /** Process whose end is the end of the session, in the machine that wrote it; null when not known. */
  readonly pid: number | null;
}

/** Whether what a source holds is a session, and why not. */
export type SessionOutcome =
  | { readonly counts: true; readonly session: Session }
  | { readonly counts: false; readonly why: string };

/** What stands in a label where there is no value, as who(1) and the dashboards expect it. */
export const NONE = "-";

/** Pseudo terminals: Unix 98 and the BSD names before it (pty(7)). */
const PTY_LINE = /^(pts\/|pty|tty[a-ep-z][0-9a-f]$)/;

/**
 * Lines of display managers and remote desktops: a display (`:0`, `192.0.2.3:2`), a seat without a virtual
 * terminal, the display of xrdp (`xrdp:11`), GDM without a screen (`headless`).
 */
const GRAPHICAL_LINE = /^(:|seat|xrdp:\d|headless$)|:\d+(\.\d+)?$/;

/** Virtual, serial and hypervisor consoles (console(4), the kernel's `devices.txt`). */
const CONSOLE_LINE = /^(tty|console$|hvc|hvsi|xvc|sclp_line|3270)/;

/** The text, or {@link NONE} where it is empty. */
export function orNone(text: string): string {
  return text === "" ? NONE : text;
}

/**
 * What a session on this line is seen on. A display manager writes the virtual terminal, or no line, with the
 * display (`:0`), the line itself or `local` as host; login(1) writes the same line without a host.
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
