/** A port of the loopback that nobody has, for a program that does not say which one it took. */
export function freePort(): number {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  return listener.addr.port;
}
