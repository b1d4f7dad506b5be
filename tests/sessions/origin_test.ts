import fc from "fast-check";
import { originText, parseOrigin } from "../../lib/sessions/origin.ts";
import { assertEquals } from "../support/assert.ts";

/** Stands for the text of the host field itself. */
const ITSELF = "itself";

for (
  const [origin, isRemote, note, from, hosts] of [
    [null, false, null, ITSELF, ["", "-", "console", "local", "pts/1"]],
    [ITSELF, true, null, ITSELF, ["192.0.2.7", "client.example", "localhost", "fe80::1%eth0"]],
    [ITSELF, true, null, ITSELF, ["2001:db8::7", "::1", "2001:db8::7:2", "64:ff9b::192.0.2.7"]],
    [ITSELF, true, null, ITSELF, ["::ffff:0:192.0.2.7", "::ffff:192.0.2.700"]],
    [ITSELF, true, null, ITSELF, ["mosh [x]", "et.example", "tmux(1234).example"]],
    ["192.0.2.7", true, null, "192.0.2.7", ["::ffff:192.0.2.7", "::FFFF:192.0.2.7"]],
    ["192.0.2.7", true, null, "192.0.2.7", ["::ffff:c000:207", "0:0:0:0:0:ffff:192.0.2.7"]],
    ["192.0.2.7", true, "mosh", "192.0.2.7", ["192.0.2.7 via mosh [4000]"]],
    ["192.0.2.7", true, "mosh", "192.0.2.7", ["::ffff:192.0.2.7 via mosh [1]"]],
    ["2001:db8::7", true, "mosh", "2001:db8::7", ["2001:db8::7 via mosh [1]"]],
    ["client.example", true, "mosh", "client.example", ["client.example via mosh [4194304]"]],
    [null, true, "mosh", "", ["mosh [4001]"]],
    [null, true, "eternal_terminal", "", ["et [4002]"]],
    [null, false, "screen_window", "", ["192.0.2.7:S.0", "client:S.12", ":S.0", ":pts/9:S.0"]],
    [null, false, "screen_window", "", ["2001:db8::7:S.0"]],
    [null, false, "tmux_pane", "", ["tmux(1234).%0"]],
    [null, false, "display", ITSELF, [":0", ":0.0", "unix:0"]],
    ["unix.example", true, "display", "unix.example", ["unix.example:0"]],
    ["192.0.2.7", true, "display", "192.0.2.7", ["192.0.2.7:10.0", "192.0.2.7:2"]],
    ["192.0.2.7", true, "display", "192.0.2.7", ["::ffff:192.0.2.7:0"]],
    ["client.example", true, "display", "client.example", ["client.example:0"]],
    ["2001:db8::7", true, "display", "2001:db8::7", ["2001:db8::7:10.0", "[2001:db8::7]:0"]],
  ] as const
) {
  for (const host of hosts) {
    Deno.test(`host "${host}" comes from "${from}", note ${note}`, () => {
      const parsed = parseOrigin(host, "pts/1");
      assertEquals(parsed, { host: origin === ITSELF ? host : origin, isRemote, note });
      assertEquals(originText(host, parsed), from === ITSELF ? host : from);
    });
  }
}

Deno.test("any text gives a result, and only a remote session has a host", () => {
  fc.assert(fc.property(fc.string({ unit: "binary" }), fc.string(), (host, line) => {
    const origin = parseOrigin(host, line);
    return origin.isRemote || origin.host === null;
  }));
});
