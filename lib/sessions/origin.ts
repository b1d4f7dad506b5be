/**
 * What a host field has besides an origin, or instead of one. mosh and Eternal Terminal are connections over
 * the network. A window of screen and a pane of tmux belong to another session. A display is one of X.
 */
export type HostNote = "mosh" | "eternal_terminal" | "screen_window" | "tmux_pane" | "display";

/** Where a session came from. */
export interface Origin {
  /** Address or name of the remote machine; null if not known. An IPv4-mapped address is written as IPv4. */
  readonly host: string | null;
  /** Whether the session came over the network. The host of such a session may be unknown. */
  readonly isRemote: boolean;
  /** Null if the field has only an origin, or is empty. */
  readonly note: HostNote | null;
}

/** Hosts of local logins: empty, `-`, `console`, and `local` by GDM (`gdm-session-record.c`). */
const LOCAL_HOSTS: ReadonlySet<string> = new Set(["", "-", "console", "local"]);

/** `192.0.2.7 via mosh [4000]`, or `mosh [4000]` while no client is connected (mosh `mosh-server.cc`). */
const MOSH = /^(?:(?<host>.+) via )?mosh \[\d+\]$/;

/** `et [4002]` (Eternal Terminal `UserTerminalHandler.cpp`). */
const ETERNAL_TERMINAL = /^et \[\d+\]$/;

/** `192.0.2.7:S.0`, `:pts/9:S.0`: the origin or terminal from which screen was started (screen `utmp.c`). */
const SCREEN_WINDOW = /:S\.\d+$/;

/** `tmux(1234).%0` (tmux `spawn.c`, with utempter). */
const TMUX_PANE = /^tmux\(\d+\)\.%\d+$/;

/** A display of X: `:0`, `host:10.0`, `unix:0` (X(7), "Display Names"). */
const DISPLAY = /^(?<host>.*?):\d+(?:\.\d+)?$/;

/** Displays of this machine, and anything else that starts with one colon. `::1` is an address. */
const LOCAL_DISPLAY = /^(?:unix)?:(?!:)/;

/** An IPv4-mapped address as the URL parser writes it. */
const IPV4_MAPPED = /^\[::ffff:([0-9a-f]{1,4}):([0-9a-f]{1,4})\]$/;

/**
 * Parses the host field of a record or session file, as visible text. Any text gives a result: text in an
 * unknown form is the name of a remote machine.
 *
 * @param line The terminal of the session. A display manager writes it as the host of a local login.
 */
export function parseOrigin(host: string, line: string): Origin {
  const mosh = MOSH.exec(host);
  if (mosh !== null) return remote(mosh.groups?.["host"] ?? null, "mosh");
  if (ETERNAL_TERMINAL.test(host)) return remote(null, "eternal_terminal");
  if (SCREEN_WINDOW.test(host)) return local("screen_window");
  if (TMUX_PANE.test(host)) return local("tmux_pane");
  if (LOCAL_DISPLAY.test(host)) return local("display");
  const display = displayHost(host);
  if (display !== null) return remote(display, "display");
  return LOCAL_HOSTS.has(host) || host === line ? local(null) : remote(host, null);
}

/**
 * The text of the label `from`: the origin, or the field as written if it is a local display or console (`:0`,
 * `console`). Otherwise empty.
 */
export function originText(host: string, { host: origin, note }: Origin): string {
  if (origin !== null) return origin;
  return note === null || note === "display" ? host : "";
}

function remote(host: string | null, note: HostNote | null): Origin {
  return { host: host === null ? null : plainAddress(host), isRemote: true, note };
}

function local(note: HostNote | null): Origin {
  return { host: null, isRemote: false, note };
}

/** The machine of a display; null if the text is not a display. An IPv6 address may look like one. */
function displayHost(text: string): string | null {
  const host = DISPLAY.exec(text)?.groups?.["host"];
  if (host === undefined || isIpv6(text)) return null;
  return host.replace(/^\[(.*)\]$/, "$1");
}

/** An IPv4-mapped address as IPv4 (RFC 4291, section 2.5.5.2); any other text as it is. */
function plainAddress(text: string): string {
  if (!/:ffff:/i.test(text) || !isIpv6(text)) return text;
  const groups = IPV4_MAPPED.exec(new URL(`http://[${text}]`).hostname);
  if (groups === null) return text;
  const [high, low] = [groups[1], groups[2]].map((group) => Number.parseInt(group ?? "", 16));
  return [(high ?? 0) >> 8, (high ?? 0) & 0xff, (low ?? 0) >> 8, (low ?? 0) & 0xff].join(".");
}

/** Whether the text is an IPv6 address without a zone (`fe80::1%eth0` has one). */
function isIpv6(text: string): boolean {
  return /^[0-9a-f:.]+$/i.test(text) && URL.canParse(`http://[${text}]`);
}
