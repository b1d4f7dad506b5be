import type { UtmpRecord } from "./utmp/record.ts";

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
}

/** Whether a record is a session, and why not. */
export type Verdict =
  | { readonly counts: true; readonly session: Session }
  | { readonly counts: false; readonly why: string };

/** What stands in a label where there is no value, as who(1) and the dashboards expect it. */
export const NONE = "-";

/** Hosts that local logins are written with: `console`, and `local` by GDM (`gdm-session-record.c`). */
const LOCAL_HOSTS: ReadonlySet<string> = new Set(["", "console", "local"]);

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

/** The largest value of a whole microsecond part. */
const LAST_MICROSECOND = 999_999;

/**
 * The session of a utmp record: only a `user_process` with a user is one. A `dead_process` never is,
 * however recent.
 */
export function sessionOfRecord(record: UtmpRecord): Verdict {
  if (record.type !== "user_process") {
    return { counts: false, why: `type is ${record.type}, not user_process` };
  }
  if (record.user === "") return { counts: false, why: "user is empty" };
  const from = record.host !== "" ? record.host : record.address;
  const session = {
    username: record.user,
    from: from === "" ? NONE : from,
    tty: record.line === "" ? NONE : record.line,
    kind: kindOf(record.line, from),
    remote: isRemote(record.line, from),
    loginTime: timeOfRecord(record),
  };
  return { counts: true, session };
}

/**
 * What is odd about a record, for a person who looks into a file. Empty when nothing is.
 * None of it keeps the record from being counted.
 */
export function inconsistenciesOf(record: UtmpRecord): readonly string[] {
  if (record.type !== "user_process") return [];
  return [
    record.user === "" && "no user",
    record.line === "" && "no line",
    record.pid <= 0 && `process id ${record.pid}`,
    record.seconds === 0 && "no login time",
    !hasWholeMicroseconds(record) && `${record.microseconds} microseconds`,
    [record.user, record.line, record.host].some((text) => /\\x[0-9a-f]{2}/.test(text)) &&
    "bytes that are not printable UTF-8",
  ].filter((found) => found !== false);
}

/** Whether the session came over the network. A host that repeats the line is a display manager's. */
function isRemote(line: string, from: string): boolean {
  return !LOCAL_HOSTS.has(from) && !LOCAL_DISPLAY.test(from) && !TMUX_PANE.test(from) &&
    from !== line;
}

/**
 * A display manager writes the virtual terminal as line, with the display (`:0`), the line itself or
 * `local` as host; login(1) writes the same line without a host.
 */
function kindOf(line: string, from: string): SessionKind {
  if (PTY_LINE.test(line)) return "pty";
  if (DISPLAY_LINE.test(line)) return "graphical";
  if (!CONSOLE_LINE.test(line)) return "other";
  const byDisplayManager = LOCAL_DISPLAY.test(from) || from === "local" ||
    (from === line && line !== "console");
  return byDisplayManager ? "graphical" : "console";
}

/**
 * When the record was written, in seconds since the epoch with microseconds as fraction. Null when the
 * seconds are 0, which nobody wrote; microseconds out of range are left out.
 */
export function timeOfRecord(record: UtmpRecord): number | null {
  if (record.seconds === 0) return null;
  return record.seconds + (hasWholeMicroseconds(record) ? record.microseconds / 1e6 : 0);
}

function hasWholeMicroseconds(record: UtmpRecord): boolean {
  return record.microseconds >= 0 && record.microseconds <= LAST_MICROSECOND;
}
