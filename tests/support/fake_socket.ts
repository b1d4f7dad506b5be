import type { Socket } from "../../lib/web/connections.ts";

/** A socket without a connection, which keeps how it was closed. */
export class FakeSocket implements Socket {
  readonly remoteAddress = "127.0.0.1";
  readonly remotePort?: number;
  readonly closings: string[] = [];
  readonly #listeners: (() => void)[] = [];

  /** Without a port it is the socket of a path. */
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

  /** What happens when the other side closes it. */
  close(): void {
    for (const listener of this.#listeners.splice(0)) listener();
  }
}
