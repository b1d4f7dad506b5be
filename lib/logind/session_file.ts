import { type AssignedValue, parseAssignments } from "./assignments.ts";
import { unescapeC } from "./c_escape.ts";

/**
 * A session as systemd-logind keeps it in `/run/systemd/sessions/ID`. Texts are the bytes that were
 * written, empty where the key is missing; what they mean is not decided here.
 *
 * Source: systemd `src/login/logind-session.c`, `session_save`.
 */
export interface LogindSession {
  readonly user: Uint8Array;
  /** `user`, `manager`, `greeter`, ... Classes that are not known yet are possible. */
  readonly class: string;
  /** `opening`, `online`, `active` or `closing`. */
  readonly state: string;
  /** `tty`, `x11`, `wayland`, `mir`, `web` or `unspecified`. */
  readonly type: string;
  readonly remote: boolean;
  readonly remoteHost: Uint8Array;
  /** Terminal, without `/dev/`. */
  readonly tty: Uint8Array;
  readonly display: Uint8Array;
  /** Process id of the session's leader; null when there is none. */
  readonly leader: number | null;
  /** Microseconds since the epoch at which the session began; null when there is none. */
  readonly realtime: number | null;
}

/** A decoded session file, or why it is none. */
export type SessionFileOutcome =
  | { readonly ok: true; readonly session: LogindSession }
  | { readonly ok: false; readonly why: string };

/** Files and bytes that a name in the folder must consist of; logind's ids are such. */
export const SESSION_ID = /^[A-Za-z0-9]+$/;

/** Longer texts are cut: a host has as many bytes in utmp. */
export const MAX_TEXT_BYTES = 256;

/** Decodes the bytes of a session file. Any bytes give an answer; unknown keys are passed over. */
export function decodeSessionFile(bytes: Uint8Array): SessionFileOutcome {
  if (bytes.includes(0)) return { ok: false, why: "a NUL byte" };
  const values = parseAssignments(bytes);
  const raw = (key: string): Uint8Array =>
    values.get(key)?.bytes.slice(0, MAX_TEXT_BYTES) ?? new Uint8Array(0);
  const word = (key: string): string => asciiOf(raw(key));
  if (raw("USER").length === 0) return { ok: false, why: "no USER" };
  if (word("CLASS") === "") return { ok: false, why: "no CLASS" };
  const session = {
    user: raw("USER"),
    class: word("CLASS"),
    state: word("STATE"),
    type: word("TYPE"),
    remote: word("REMOTE") === "1",
    remoteHost: unescaped(values.get("REMOTE_HOST")),
    tty: raw("TTY"),
    display: raw("DISPLAY"),
    leader: numberOf(word("LEADER")),
    realtime: numberOf(word("REALTIME")),
  };
  return { ok: true, session };
}

/**
 * Before version 258 systemd wrote these values C-escaped and never in quotes; since then it puts
 * quotes around whatever has a backslash.
 */
function unescaped(value: AssignedValue | undefined): Uint8Array {
  if (value === undefined) return new Uint8Array(0);
  const text = value.quoted ? value.bytes : unescapeC(value.bytes.subarray(0, 4 * MAX_TEXT_BYTES));
  return text.slice(0, MAX_TEXT_BYTES);
}

function asciiOf(bytes: Uint8Array): string {
  return String.fromCharCode(...bytes.subarray(0, 64));
}

/** A decimal number that a double holds exactly; null for anything else and for 0. */
function numberOf(text: string): number | null {
  const number = Number(text);
  return /^\d+$/.test(text) && Number.isSafeInteger(number) && number > 0 ? number : null;
}
