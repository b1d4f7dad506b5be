/**
 * Opens connections and holds them until stdin ends. Arguments: the port, how many, and what each sends, as JSON;
 * an endless body follows where the last argument is `endless`. Prints how many could be opened.
 */
import { writeText } from "../../lib/cli/output.ts";

const [port = "", count = "", text = '""', endless] = Deno.args;
const bytes = new TextEncoder().encode(JSON.parse(text));
const body = new Uint8Array(65_536);
const connections: Deno.Conn[] = [];

/** How many are opened at a time. */
const AT_A_TIME = 50;

async function open(): Promise<void> {
  try {
    const connection = await Deno.connect({ hostname: "127.0.0.1", port: Number(port) });
    connections.push(connection);
    if (bytes.length > 0) await connection.write(bytes);
    if (endless === "endless") sendForEver(connection);
  } catch {
    // The exporter closes what is too much.
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
