/** The program that does nothing but serve. */
export const EMPTY =
  `Deno.serve({ hostname: "127.0.0.1", port: Number(Deno.args[0]), onListen() {} },
  () => new Response("ok\\n"));\n`;
