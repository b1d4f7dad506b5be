/** A TCP address on which the server listens. */
export interface TcpAddress {
  readonly kind: "tcp";
  /** As given, for messages. */
  readonly text: string;
  /** A name or an address without brackets; null for all interfaces. */
  readonly hostname: string | null;
  /** 0 to 65535; with 0 the system chooses a port. */
  readonly port: number;
}

/** A Unix socket. */
export interface UnixAddress {
  readonly kind: "unix";
  /** As given, for messages. */
  readonly text: string;
  /** Absolute. */
  readonly path: string;
}

/** An address on which the server listens. */
export type ListenAddress = TcpAddress | UnixAddress;

const HOST_PORT = /^(?:\[(?<v6>[0-9A-Fa-f:.%\w]+)\]|(?<name>[^\s:[\]/]*)):(?<port>\d{1,5})$/;

/** An absolute path without newlines and NUL bytes. */
const UNIX_PATH = /^unix:(?<path>\/[^\0\n]+)$/;

/**
 * Parses `:port`, `host:port` or `[ipv6]:port`, as Go's net.Listen does, or `unix:/path`. Null for anything
 * else.
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

/** The host with which a program on this machine connects to the listener. */
export function loopbackOf({ hostname }: TcpAddress): string {
  if (hostname === null || hostname === "0.0.0.0") return "127.0.0.1";
  return hostname === "::" ? "::1" : hostname;
}

/** Host and port as one text, with an IPv6 address in brackets. */
export function joinHostPort(hostname: string, port: number): string {
  return hostname.includes(":") ? `[${hostname}]:${port}` : `${hostname}:${port}`;
}
