import { writeText } from "../../lib/cli/output.ts";
import { main } from "../../main.ts";

/** Runs the program, and says for each line of stdin, a port of the loopback, whether it may connect there. */
main(Deno.args).then(Deno.exit);

for await (const line of Deno.stdin.readable.pipeThrough(new TextDecoderStream())) {
  const outcome = await outcomeOfConnecting(Number(line));
  writeText(Deno.stdout, `connecting: ${outcome}\n`);
}

async function outcomeOfConnecting(port: number): Promise<string> {
  try {
    using _connection = await Deno.connect({ hostname: "127.0.0.1", port });
    return "connected";
  } catch (error) {
    return error instanceof Error ? error.name : String(error);
  }
}
