import type { Socket } from "node:net";
import type { Server } from "node:https";

/** The response of Go's server to plain HTTP on a TLS port. */
const ANSWER = [
  "HTTP/1.0 400 Bad Request",
  "Content-Type: text/plain; charset=utf-8",
  "Connection: close",
  "",
  "Client sent an HTTP request to an HTTPS server.\n",
].join("\r\n");

/** The first byte of an HTTP request, and never of a TLS record: a capital letter. */
const [FIRST_LETTER, LAST_LETTER] = [0x41, 0x5a];

/**
 * Makes a TLS server respond to plain HTTP with an error, and close the connection. Other connections are
 * passed on with their first bytes. A client that sends nothing for `timeout` ms is disconnected.
 */
export function answerPlainHttp(server: Server, timeout: number): void {
  const listeners = server.listeners("connection");
  server.removeAllListeners("connection");
  server.on("connection", (socket: Socket) => {
    const timer = setTimeout(() => socket.destroy(), timeout);
    socket.once("close", () => clearTimeout(timer));
    // Without a listener, a connection reset would end the program.
    socket.on("error", () => socket.destroy());
    socket.once("readable", () => {
      clearTimeout(timer);
      const bytes: unknown = socket.read();
      if (!(bytes instanceof Uint8Array)) return socket.destroy();
      const [first = 0] = bytes;
      if (first >= FIRST_LETTER && first <= LAST_LETTER) {
        socket.end(ANSWER, () => socket.destroy());
        return;
      }
      socket.unshift(bytes);
      for (const listener of listeners) listener.call(server, socket);
    });
  });
}
