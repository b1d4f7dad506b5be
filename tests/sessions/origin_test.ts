import fc from "fast-check";
import { type HostNote, originText, parseOrigin } from "../../lib/sessions/origin.ts";
import { assertEquals } from "../support/assert.ts";

for (
  const [host, origin, isRemote, note, from] of [
    ["", null, false, null, ""],
    ["-", null, false, null, "-"],
    ["console", null, false, null, "console"],
    ["local", null, false, null, "local"],
    ["pts/1", null, false, null, "pts/1"],
    ["192.0.2.7", "192.0.2.7", true, null, "192.0.2.7"],
    ["client.example", "client.example", true, null, "client.example"],
    ["localhost", "localhost", true, null, "localhost"],
    ["2001:db8::7", "2001:db8::7", true, null, "2001:db8::7"],
    ["::1", "::1", true, null, "::1"],
    ["fe80::1%eth0", "fe80::1%eth0", true, null, "fe80::1%eth0"],
    ["192.0.2.7 via mosh [4000]", "192.0.2.7", true, "mosh", "192.0.2.7"],
    ["2001:db8::7 via mosh [1]", "2001:db8::7", true, "mosh", "2001:db8::7"],
    ["::ffff:192.0.2.7 via mosh [1]", "192.0.2.7", true, "mosh", "192.0.2.7"],
    ["client.example via mosh [4194304]", "client.example", true, "mosh", "client.example"],
    ["mosh [4001]", null, true, "mosh", ""],
    ["mosh [x]", "mosh [x]", true, null, "mosh [x]"],
    ["et [4002]", null, true, "eternal_terminal", ""],
    ["et.example", "et.example", true, null, "et.example"],
    ["192.0.2.7:S.0", null, false, "screen_window", ""],
    ["client:S.12", null, false, "screen_window", ""],
    [":S.0", null, false, "screen_window", ""],
    [":pts/9:S.0", null, false, "screen_window", ""],
    ["2001:db8::7:S.0", null, false, "screen_window", ""],
    ["tmux(1234).%0", null, false, "tmux_pane", ""],
    ["tmux(1234).example", "tmux(1234).example", true, null, "tmux(1234).example"],
    [":0", null, false, "display", ":0"],
    [":0.0", null, false, "display", ":0.0"],
    ["unix:0", null, false, "display", "unix:0"],
    ["unix.example:0", "unix.example", true, "display", "unix.example"],
    ["192.0.2.7:10.0", "192.0.2.7", true, "display", "192.0.2.7"],
    ["192.0.2.7:2", "192.0.2.7", true, "display", "192.0.2.7"],
    ["client.example:0", "client.example", true, "display", "client.example"],
    ["2001:db8::7:10.0", "2001:db8::7", true, "display", "2001:db8::7"],
    ["[2001:db8::7]:0", "2001:db8::7", true, "display", "2001:db8::7"],
    ["::ffff:192.0.2.7:0", "192.0.2.7", true, "display", "192.0.2.7"],
    ["2001:db8::7:2", "2001:db8::7:2", true, null, "2001:db8::7:2"],
    ["::ffff:192.0.2.7", "192.0.2.7", true, null, "192.0.2.7"],
    ["::FFFF:192.0.2.7", "192.0.2.7", true, null, "192.0.2.7"],
    ["::ffff:c000:207", "192.0.2.7", true, null, "192.0.2.7"],
    ["0:0:0:0:0:ffff:192.0.2.7", "192.0.2.7", true, null, "192.0.2.7"],
    ["::ffff:0:192.0.2.7", "::ffff:0:192.0.2.7", true, null, "::ffff:0:192.0.2.7"],
    ["::ffff:192.0.2.700", "::ffff:192.0.2.700", true, null, "::ffff:192.0.2.700"],
    ["64:ff9b::192.0.2.7", "64:ff9b::192.0.2.7", true, null, "64:ff9b::192.0.2.7"],
  ] as const satisfies readonly (readonly [
    string,
    string | null,
    boolean,
    HostNote | null,
    string,
  ])[]
) {
  Deno.test(`host "${host}"`, () => {
    const parsed = parseOrigin(host, "pts/1");
    assertEquals(parsed, { host: origin, isRemote, note });
    assertEquals(originText(host, parsed), from);
  });
}

Deno.test("any text gives a result, and only a remote session has a host", () => {
  fc.assert(fc.property(fc.string({ unit: "binary" }), fc.string(), (host, line) => {
    const origin = parseOrigin(host, line);
    return origin.isRemote || origin.host === null;
  }));
});
