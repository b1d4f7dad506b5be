import { within } from "./wait.ts";

/** An answer as it came over the wire. */
export interface RawAnswer {
  readonly status: number;
  readonly headers: Headers;
  /** Everything behind the headers until the server closed the connection. */
  readonly body: string;
}

/** Opens a connection to the exporter, for any bytes. */
export async function connect(port: number): Promise<Deno.TcpConn> {
  return await Deno.connect({ hostname: "127.0.0.1", port });
}

/** Sends text; each character is one byte, so that invalid UTF-8 can be sent. */
export async function send(connection: Deno.Conn, text: string): Promise<void> {
  const writer = connection.writable.getWriter();
  await writer.write(Uint8Array.from(text, (character) => character.charCodeAt(0)));
  writer.releaseLock();
}

/** Waits for the first bytes of an answer and leaves the rest unread. */
export async function firstBytes(connection: Deno.Conn): Promise<string> {
  const buffer = new Uint8Array(64);
  const count = await within("the first bytes", connection.read(buffer));
  return new TextDecoder().decode(buffer.subarray(0, count ?? 0));
}

/** Reads until the connection is closed. */
export async function receive(connection: Deno.Conn): Promise<string> {
  const chunks = Array.fromAsync(connection.readable.values({ preventCancel: true }));
  const blob = new Blob(await within("the end of an answer", chunks));
  return await blob.text();
}

/** Sends a request, which should ask for the connection to be closed, and reads the whole answer. */
export async function exchange(port: number, request: string): Promise<RawAnswer> {
  using connection = await connect(port);
  await send(connection, request);
  return parse(await receive(connection));
}

/** The parts of an answer. */
export function parse(text: string): RawAnswer {
  const end = text.indexOf("\r\n\r\n");
  const [statusLine = "", ...lines] = text.slice(0, Math.max(end, 0)).split("\r\n");
  const [, status] = /^HTTP\/1\.[01] (\d{3}) /.exec(statusLine) ?? [];
  if (status === undefined) throw new SyntaxError(`Cannot read as an answer: ${text}`);
  const fields = lines.map((line): [string, string] => {
    const colon = line.indexOf(":");
    return [line.slice(0, colon), line.slice(colon + 1).trim()];
  });
  return { status: Number(status), headers: new Headers(fields), body: text.slice(end + 4) };
}
