import type { Socket as NetSocket } from "node:net";

/** What is asked of a socket. */
export interface Socket extends
  Partial<
    Pick<NetSocket, "remoteAddress" | "remotePort" | "localAddress" | "localPort">
  > {
  readonly once: (event: "close", listener: () => void) => unknown;
  readonly destroy: () => unknown;
  readonly end: () => unknown;
}

/** How many requests may wait on one connection; no scraper sends the next before it has an answer. */
export const MAX_PIPELINED = 4;

/** A connection, and how many of its requests are being answered. */
interface Connection {
  readonly socket: Socket;
  busy: number;
}

/**
 * The open connections of all listeners, those that were idle for longest first. A new one beyond the
 * limit takes the place of the first that answers nothing, so that a scrape always gets through, however
 * many connections others hold open.
 */
export class Connections {
  readonly #limit: number;
  readonly #open = new Map<unknown, Connection>();
  #isDraining = false;

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** How many are open. */
  get size(): number {
    return this.#open.size;
  }

  /** Takes a new connection, before any handshake. */
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
   * A request came; gives what to call when its answer has been sent or cannot be any more. Null, and the
   * connection is closed, where more than {@link MAX_PIPELINED} are not answered yet.
   */
  begin(socket: Socket): (() => void) | null {
    const key = keyOf(socket);
    const connection = this.#open.get(key);
    // TLS over a Unix socket, whose two sockets share nothing to find them by.
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

  /** Closes those that answer nothing, now and when their answer has been sent. */
  drain(): void {
    this.#isDraining = true;
    for (const { socket, busy } of this.#open.values()) {
      if (busy === 0) socket.destroy();
    }
  }

  /** Closes all. */
  cut(): void {
    for (const { socket } of this.#open.values()) socket.destroy();
  }

  /** Closes the one that was idle for longest, or, where all are busy, the one that is so for longest. */
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
 * What the socket of a request and that of its connection share: with TLS they are two. A connection to a
 * Unix socket has no address of its own.
 */
function keyOf(socket: Socket): unknown {
  const { remoteAddress, remotePort, localAddress, localPort } = socket;
  if (remotePort === undefined) return socket;
  return [remoteAddress, remotePort, localAddress, localPort].join(" ");
}
