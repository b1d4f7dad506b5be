import type { Socket as NetSocket } from "node:net";

/** The part of a socket that is used here. */
export interface Socket extends
  Partial<
    Pick<NetSocket, "remoteAddress" | "remotePort" | "localAddress" | "localPort">
  > {
  readonly once: (event: "close", listener: () => void) => unknown;
  readonly destroy: () => unknown;
  readonly end: () => unknown;
}

/** The maximum number of unanswered requests on a connection. Scrapers wait for each response. */
export const MAX_PIPELINED = 4;

/** A connection, and the number of its unanswered requests. */
interface Connection {
  readonly socket: Socket;
  busy: number;
}

/**
 * The open connections of all listeners, the longest idle one first. A new connection beyond the limit
 * replaces the longest idle one, so that a scrape always succeeds, however many connections are open.
 */
export class Connections {
  readonly #limit: number;
  readonly #open = new Map<unknown, Connection>();
  #isDraining = false;

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** The number of open connections. */
  get size(): number {
    return this.#open.size;
  }

  /** Adds a new connection, before any handshake. */
  add(socket: Socket): void {
    const key = keyOf(socket);
    if (this.#open.size >= this.#limit) this.#makeRoom();
    this.#open.set(key, { socket, busy: 0 });
    socket.once("close", () => {
      if (this.#open.get(key)?.socket === socket) this.#open.delete(key);
    });
    if (this.#isDraining) socket.destroy();
  }

  /**
   * Counts a new request. Call the result when the response has been sent or has failed. Closes the connection
   * and returns null if {@link MAX_PIPELINED} requests are unanswered.
   */
  begin(socket: Socket): (() => void) | null {
    const key = keyOf(socket);
    const connection = this.#open.get(key);
    // With TLS over a Unix socket, the two sockets have nothing in common to identify them.
    if (connection === undefined) return () => {};
    if (connection.busy >= MAX_PIPELINED) {
      socket.destroy();
      return null;
    }
    connection.busy++;
    this.#open.delete(key);
    this.#open.set(key, connection);
    return () => {
      connection.busy--;
      if (this.#isDraining && connection.busy === 0) socket.end();
    };
  }

  /** Closes idle connections now, and the others when their responses have been sent. */
  drain(): void {
    this.#isDraining = true;
    for (const { socket, busy } of this.#open.values()) {
      if (busy === 0) socket.destroy();
    }
  }

  /** Closes all connections at once. */
  cut(): void {
    for (const { socket } of this.#open.values()) socket.destroy();
  }

  /** Closes the longest idle connection, or if all are busy, the longest busy one. */
  #makeRoom(): void {
    let [found] = this.#open;
    for (const entry of this.#open) {
      if (entry[1].busy > 0) continue;
      found = entry;
      break;
    }
    if (found === undefined) return;
    const [key, { socket }] = found;
    this.#open.delete(key);
    socket.destroy();
  }
}

/**
 * Identifies a connection by its socket or by the socket of its request. With TLS these are two sockets.
 * A connection to a Unix socket has no address.
 */
function keyOf(socket: Socket): unknown {
  const { remoteAddress, remotePort, localAddress, localPort } = socket;
  if (remotePort === undefined) return socket;
  return [remoteAddress, remotePort, localAddress, localPort].join(" ");
}
