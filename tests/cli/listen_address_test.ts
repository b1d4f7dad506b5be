import { joinHostPort, loopbackOf, parseListenAddress } from "../../lib/cli/listen_address.ts";
import { assert, assertEquals } from "../support/assert.ts";

for (
  const [text, hostname, port, loopback] of [
    [":32142", null, 32142, "127.0.0.1"],
    [":0", null, 0, "127.0.0.1"],
    [":65535", null, 65535, "127.0.0.1"],
    ["0.0.0.0:1", "0.0.0.0", 1, "127.0.0.1"],
    ["[::]:1", "::", 1, "::1"],
    ["[::1]:1", "::1", 1, "::1"],
    ["[fe80::1%eth0]:1", "fe80::1%eth0", 1, "fe80::1%eth0"],
    ["192.0.2.1:1", "192.0.2.1", 1, "192.0.2.1"],
    ["localhost:1", "localhost", 1, "localhost"],
  ] as const
) {
  Deno.test(`listen address ${text}`, () => {
    const address = parseListenAddress(text);
    assert(address?.kind === "tcp");
    assertEquals({ address, loopback: loopbackOf(address) }, {
      address: { kind: "tcp", text, hostname, port },
      loopback,
    });
  });
}

Deno.test("listen address unix:/run/a b.sock", () => {
  const text = "unix:/run/a b.sock";
  assertEquals(parseListenAddress(text), { kind: "unix", text, path: "/run/a b.sock" });
});

for (
  const text of ["", ":", "32142", "host", "host:", ":65536", ":-1", ":x", "::1", "::1:80", "[::1]"]
    .concat(["[::1", "[::1]80", "a b:1", "a/b:1", ":1 ", "http://x:1", ":１"])
    .concat(["unix:", "unix:/", "unix:run/x", "unix:@x", "unix:/a\nb", "unix:/a\0b", "UNIX:/a"])
) {
  Deno.test(`invalid listen address: ${JSON.stringify(text)}`, () => {
    assertEquals(parseListenAddress(text), null);
  });
}

Deno.test("an IPv6 address is joined to its port in brackets", () => {
  assertEquals([joinHostPort("::", 1), joinHostPort("127.0.0.1", 2)], ["[::]:1", "127.0.0.1:2"]);
});
