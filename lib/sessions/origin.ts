/**
 * What the host field of a record says beside an origin, or in place of one: mosh and Eternal Terminal carry
 * a session over the network, a window of screen or a pane of tmux belongs to a session that is already
 * there, and a display belongs to an X server.
 */
export type HostNote = "mosh" | "eternal_terminal" | "screen_window" | "tmux_pane" | "display";

/** Where a session came from. */
export interface Origin {
  /** Address or name of the other machine; null when none is known. An IPv4-mapped address is IPv4. */
  readonly host: string | null;
  /** Whether the session came over the network. It may have without a known host. */
  readonly isRemote: boolean;
  /** Null when the field holds nothing but an origin, or nothing at all. */
  readonly note: HostNote | null;
}

/** Hosts of local logins: empty, `-`, `console`, and `local` by GDM (`gdm-session-record.c`). */
const LOCAL_HOSTS: ReadonlySet<string> = new Set(["", "-", "console", "local"]);

/** `192.0.2.7 via mosh [4000]`; without an address while no client is connected (mosh `mosh-server.cc`). */
const MOSH = /^(?:(?<host>.+) via )?mosh \[\d+\]$/;

/** `et [4002]` (Eternal Terminal `UserTerminalHandler.cpp`). */
const ETERNAL_TERMINAL = /^et \[\d+\]$/;

/** `192.0.2.7:S.0`, `:pts/9:S.0`: the origin of the terminal on which screen was started (screen `utmp.c`). */
const SCREEN_WINDOW = /:S\.\d+$/;

/** `tmux(1234).%0` (tmux `spawn.c`, with utempter). */
const TMUX_PANE = /^tmux\(\d+\)\.%\d+$/;

/** A display of X: `:0`, `host:10.0`, `unix:0` (X(7), "Display Names"). */
const DISPLAY = /^(?<host>.*?):\d+(?:\.\d+)?$/;

/** Displays of this machine, and what else begins with one colon; `::1` is an address. */
const LOCAL_DISPLAY = /^(?:unix)?:(?!:)/;

/** An IPv4-mapped address as the URL parser writes it. */
const IPV4_MAPPED = /^\[::ffff:([0-9a-f]{1,4}):([0-9a-f]{1,4})\]$/;

/**
 * Reads the host field of a record or session file, as visible text. Any text gives an answer: what is not
 * known to be something else is the name of another machine.
 *
 * @param line The terminal of the session: a display manager repeats it as host of a local login.
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
 * The text of the label `from`: the origin; the field as it was written where that names a local place
 * (`:0`, `console`); empty where it names neither.
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

/** The machine of a display; null where the text is none. An IPv6 address may look like one and is none. */
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

/** Whether the text is an IPv6 address. One with a zone (`fe80::1%eth0`) is not looked for. */
function isIpv6(text: string): boolean {
  return /^[0-9a-f:.]+$/i.test(text) && URL.canParse(`http://[${text}]`);
}
