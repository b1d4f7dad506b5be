import { command } from "../tests/support/program.ts";
import { freePort } from "../tests/support/free_port.ts";
import { get } from "../tests/support/get.ts";
import { type ResidentMemory, residentMemory } from "../tests/support/resident_memory.ts";
import { until } from "../tests/support/wait.ts";

/** A server that has answered for the first time. */
export interface Started {
  /** Milliseconds from the start of the process to the end of its first answer. */
  readonly time: number;
  readonly memory: ResidentMemory;
}

/** Starts a server with the command line for a port, asks it once as Prometheus does, and ends it. */
export async function firstAnswer(words: (port: number) => readonly string[]): Promise<Started> {
  const port = freePort();
  const start = performance.now();
  await using server = command(words(port), { stdout: "null" }).spawn();
  try {
    await whenListening(port);
    await get(`http://127.0.0.1:${port}/metrics`, { "accept-encoding": "gzip" });
    return { time: performance.now() - start, memory: await residentMemory(server.pid) };
  } finally {
    server.kill("SIGKILL");
    await server.stderr.cancel();
  }
}

/** Waits until the port takes connections. */
export async function whenListening(port: number): Promise<void> {
  await until("a server that listens", () => isListening(port), 1);
}

/** True once the port takes a connection; null before. */
async function isListening(port: number): Promise<true | null> {
  try {
    using _connection = await Deno.connect({ hostname: "127.0.0.1", port });
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.ConnectionRefused) return null;
    throw error;
  }
}
