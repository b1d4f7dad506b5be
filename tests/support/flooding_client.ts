/**
 * Opens connections and keeps them open until stdin ends. Arguments: the port, the number of connections, and the
 * text that each sends, as JSON; with the last argument `endless`, an endless body follows. Prints the number of
 * connections that could be opened.
 */
import { writeText } from "../../lib/cli/output.ts";

const [port = "", count = "", text = '""', endless] = Deno.args;
const bytes = new TextEncoder().encode(JSON.parse(text));
const body = new Uint8Array(65_536);
const connections: Deno.Conn[] = [];

/** The number of connections that are opened at a time. */
const AT_A_TIME = 50;

async function open(): Promise<void> {
  try {
    const connection = await Deno.connect({ hostname: "127.0.0.1", port: Number(port) });
    connections.push(connection);
    if (bytes.length > 0) await connection.write(bytes);
    if (endless === "endless") sendForEver(connection);
  } catch {
    // The exporter closes excess connections.
  }
}

async function sendForEver(connection: Deno.Conn): Promise<void> {
  try {
    while (true) await connection.write(body);
  } catch {
    return;
  }
}

for (let i = 0; i < Number(count); i += AT_A_TIME) {
  const length = Math.min(AT_A_TIME, Number(count) - i);
  await Promise.all(Array.from({ length }, open));
}
writeText(Deno.stdout, `opened ${connections.length}\n`);
for await (const _ of Deno.stdin.readable) continue;
Deno.exit();
