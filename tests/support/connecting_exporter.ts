import { writeText } from "../../lib/cli/output.ts";
import { main } from "../../main.ts";

/** Runs the program. For each line of stdin, a port of the loopback, prints whether it may connect there. */
main(Deno.args).then(Deno.exit);

for await (const line of Deno.stdin.readable.pipeThrough(new TextDecoderStream())) {
  const outcome = await Deno.connect({ hostname: "127.0.0.1", port: Number(line) }).then(
    () => "connected",
    (error: unknown) => error instanceof Error ? error.name : String(error),
  );
  writeText(Deno.stdout, `connecting: ${outcome}\n`);
}
