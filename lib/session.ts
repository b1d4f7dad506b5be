/** What a session is seen on; `other` where the line tells nothing. */
export const SESSION_KINDS = ["console", "pty", "graphical", "other"] as const;

/** One of {@link SESSION_KINDS}. */
export type SessionKind = (typeof SESSION_KINDS)[number];

/** One login session, whichever source it came from. All strings are visible text. */
export interface Session {
  readonly username: string;
  /** Remote host or address as it was written; `-` when there is none. */
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
export type Verdict =
  | { readonly counts: true; readonly session: Session }
  | { readonly counts: false; readonly why: string };

/** What stands in a label where there is no value, as who(1) and the dashboards expect it. */
export const NONE = "-";

/** Hosts that local logins are written with: `console`, and `local` by GDM (`gdm-session-record.c`). */
const LOCAL_HOSTS: ReadonlySet<string> = new Set(["", NONE, "console", "local"]);

/** An X display of this machine, as in `:0` or `:0.0`; `::1` is an address. */
const LOCAL_DISPLAY = /^:(?!:)/;

/** A pane of tmux, which is on this machine: `tmux(1234).%0` (tmux `spawn.c`, with utempter). */
const TMUX_PANE = /^tmux\(\d+\)\.%\d+$/;

/** Pseudo terminals: Unix 98 and the BSD names before it (pty(7)). */
const PTY_LINE = /^(pts\/|pty|tty[a-ep-z][0-9a-f]$)/;

/** Lines of display managers: a display, or a seat where there is no virtual terminal. */
const DISPLAY_LINE = /^(:|seat)/;

/** Virtual, serial and hypervisor consoles (console(4), the kernel's `devices.txt`). */
const CONSOLE_LINE = /^(tty|console$|hvc|hvsi|xvc|sclp_line|3270)/;

/** The text, or {@link NONE} where it is empty. */
export function orNone(text: string): string {
  return text === "" ? NONE : text;
}

/** Whether a host is another machine. A host that repeats the line is a display manager's. */
export function isRemoteHost(host: string, line: string): boolean {
  return !LOCAL_HOSTS.has(host) && !LOCAL_DISPLAY.test(host) && !TMUX_PANE.test(host) &&
    host !== line;
}

/**
 * What a session on this line is seen on. A display manager writes the virtual terminal as line, with the
 * display (`:0`), the line itself or `local` as host; login(1) writes the same line without a host.
 */
export function kindOfLine(line: string, host: string): SessionKind {
  if (PTY_LINE.test(line)) return "pty";
  if (DISPLAY_LINE.test(line)) return "graphical";
  if (!CONSOLE_LINE.test(line)) return "other";
  const byDisplayManager = LOCAL_DISPLAY.test(host) || host === "local" ||
    (host === line && line !== "console");
  return byDisplayManager ? "graphical" : "console";
}
