import { parseOrigin } from "./origin.ts";
import { kindOfLine, type Session } from "./session.ts";

/** The columns of a row of wtmpdb that tell where its login came from, as visible text; empty for NULL. */
export interface WtmpdbOrigin {
  /** `TTY`: the terminal without `/dev/`, or what the program set as `PAM_TTY`. */
  readonly line: string;
  /** `RemoteHost`: `PAM_RHOST`, or the X display. */
  readonly host: string;
  /** `Service`: the name of the PAM service. */
  readonly service: string;
}

/** sshd opens its PAM session before it has a terminal, and sets this as `PAM_TTY` (OpenSSH `auth-pam.c`). */
const SSH_LINE = "ssh";

/**
 * The kind and origin of a login in wtmpdb, as those of a session from utmp or logind. Without a terminal, an ssh
 * login is a `pty`, as it is from logind.
 */
export function originOfWtmpdb(
  { line: tty, host, service }: WtmpdbOrigin,
): Pick<Session, "kind" | "remote"> {
  const line = tty === SSH_LINE ? "" : tty;
  const isSsh = line === "" && (tty === SSH_LINE || service === "sshd");
  return {
    kind: isSsh ? "pty" : kindOfLine(line, host),
    remote: parseOrigin(host, line).isRemote,
  };
}
