import { type AssignedValue, parseAssignments } from "./assignments.ts";
import { unescapeC } from "./c_escape.ts";

/**
 * A session in `/run/systemd/sessions/ID`, as systemd-logind wrote it. Texts are bytes, empty if the key is
 * missing.
 *
 * Source: systemd `src/login/logind-session.c`, `session_save`.
 */
export interface LogindSession {
  readonly user: Uint8Array;
  /** `user`, `manager`, `greeter` or another one; later versions may add classes. */
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
  /** Process id of the session's leader; null if there is none. */
  readonly leader: number | null;
  /** Start of the session in microseconds since the epoch; null if there is none. */
  readonly realtime: number | null;
}

/** A decoded session file, or why it is not one. */
export type SessionFileOutcome =
  | { readonly ok: true; readonly session: LogindSession }
  | { readonly ok: false; readonly why: string };

/** The ids of sessions, which are the names of their files. */
export const SESSION_ID = /^[A-Za-z0-9]+$/;

/** Longer texts are cut. It is the length of a host in utmp. */
export const MAX_TEXT_BYTES = 256;

/** Decodes the bytes of a session file. Any bytes give a result; unknown keys are ignored. */
export function decodeSessionFile(bytes: Uint8Array): SessionFileOutcome {
  if (bytes.includes(0)) return { ok: false, why: "it has a NUL byte" };
  const values = parseAssignments(bytes);
  const raw = (key: string): Uint8Array =>
    values.get(key)?.bytes.slice(0, MAX_TEXT_BYTES) ?? new Uint8Array(0);
  const word = (key: string): string => asciiOf(raw(key));
  if (raw("USER").length === 0) return { ok: false, why: "it has no USER" };
  if (word("CLASS") === "") return { ok: false, why: "it has no CLASS" };
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

/** Before version 258, systemd wrote these values C-escaped. Since then, it quotes values with a backslash. */
function unescaped(value: AssignedValue | undefined): Uint8Array {
  if (value === undefined) return new Uint8Array(0);
  const text = value.quoted ? value.bytes : unescapeC(value.bytes.subarray(0, 4 * MAX_TEXT_BYTES));
  return text.slice(0, MAX_TEXT_BYTES);
}

function asciiOf(bytes: Uint8Array): string {
  return String.fromCharCode(...bytes.subarray(0, 64));
}

/** A decimal number that a double can represent exactly; null for anything else and for 0. */
function numberOf(text: string): number | null {
  const number = Number(text);
  return /^\d+$/.test(text) && Number.isSafeInteger(number) && number > 0 ? number : null;
}
