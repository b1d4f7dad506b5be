import type { Socket } from "../../lib/web/connections.ts";

/** A socket without a connection, which records how it was closed. */
export class FakeSocket implements Socket {
  readonly remoteAddress = "127.0.0.1";
  readonly remotePort?: number;
  readonly closings: string[] = [];
  readonly #listeners: (() => void)[] = [];

  /** Without a port, it is a Unix socket. */
  constructor(port?: number) {
    if (port !== undefined) this.remotePort = port;
  }

  once = (_event: "close", listener: () => void): void => {
    this.#listeners.push(listener);
  };

  end = (): void => {
    this.closings.push("end");
  };

  destroy = (): void => {
    this.closings.push("destroy");
    this.close();
  };

  /** Closes it, as the other side does. */
  close(): void {
    for (const listener of this.#listeners.splice(0)) listener();
  }
}
