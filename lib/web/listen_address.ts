/** Where the server listens. */
export interface ListenAddress {
  /** As it was given, for messages. */
  readonly text: string;
  /** A name or an address without brackets; null for all interfaces. */
  readonly hostname: string | null;
  /** 0 to 65535; 0 lets the system choose. */
  readonly port: number;
}

const HOST_PORT = /^(?:\[(?<v6>[0-9A-Fa-f:.%\w]+)\]|(?<name>[^\s:[\]/]*)):(?<port>\d{1,5})$/;

/** Reads `:port`, `host:port` or `[ipv6]:port`, as Go's net.Listen takes it. Null for anything else. */
export function parseListenAddress(text: string): ListenAddress | null {
  const groups = HOST_PORT.exec(text)?.groups;
  const port = Number(groups?.port);
  if (groups === undefined || port > 65_535) return null;
  const hostname = groups.v6 ?? groups.name ?? "";
  return { text, hostname: hostname === "" ? null : hostname, port };
}

/** The address by which a program on this machine reaches the listener. */
export function loopbackOf({ hostname }: ListenAddress): string {
  if (hostname === null || hostname === "0.0.0.0") return "127.0.0.1";
  return hostname === "::" ? "::1" : hostname;
}

/** Host and port as one text, an IPv6 address in brackets. */
export function joinHostPort(hostname: string, port: number): string {
  return hostname.includes(":") ? `[${hostname}]:${port}` : `${hostname}:${port}`;
}
