/** Where the server listens on a network. */
export interface TcpAddress {
  readonly kind: "tcp";
  /** As it was given, for messages. */
  readonly text: string;
  /** A name or an address without brackets; null for all interfaces. */
  readonly hostname: string | null;
  /** 0 to 65535; 0 lets the system choose. */
  readonly port: number;
}

/** A Unix socket by the path of its file. */
export interface UnixAddress {
  readonly kind: "unix";
  /** As it was given, for messages. */
  readonly text: string;
  /** Absolute. */
  readonly path: string;
}

/** Where the server listens. */
export type ListenAddress = TcpAddress | UnixAddress;

const HOST_PORT = /^(?:\[(?<v6>[0-9A-Fa-f:.%\w]+)\]|(?<name>[^\s:[\]/]*)):(?<port>\d{1,5})$/;

/** A path of one line without the byte that no path has. */
const UNIX_PATH = /^unix:(?<path>\/[^\0\n]+)$/;

/**
 * Reads `:port`, `host:port` or `[ipv6]:port`, as Go's net.Listen takes it, or `unix:/path`. Null for
 * anything else.
 */
export function parseListenAddress(text: string): ListenAddress | null {
  const path = UNIX_PATH.exec(text)?.groups?.["path"];
  if (path !== undefined) return { kind: "unix", text, path };
  const groups = HOST_PORT.exec(text)?.groups;
  const port = Number(groups?.["port"]);
  if (groups === undefined || port > 65_535) return null;
  const hostname = groups["v6"] ?? groups["name"] ?? "";
  return { kind: "tcp", text, hostname: hostname === "" ? null : hostname, port };
}

/** The address by which a program on this machine reaches the listener. */
export function loopbackOf({ hostname }: TcpAddress): string {
  if (hostname === null || hostname === "0.0.0.0") return "127.0.0.1";
  return hostname === "::" ? "::1" : hostname;
}

/** Host and port as one text, an IPv6 address in brackets. */
export function joinHostPort(hostname: string, port: number): string {
  return hostname.includes(":") ? `[${hostname}]:${port}` : `${hostname}:${port}`;
}
