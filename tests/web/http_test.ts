import { pathOf } from "../../lib/web/http.ts";
import { assertEquals } from "../support/assert.ts";

/** What clients may send as Host, which changes nothing. */
const HOSTS = "localhost:1 a/b a/metrics a?b a#b [::1]:1 http://x/".split(" ");

for (
  const [target, path] of [
    ["/metrics", "/metrics"],
    ["/metrics?x=/", "/metrics"],
    ["/?/metrics", "/"],
    ["/a/b#c", "/a/b"],
    ["//metrics", "//metrics"],
    ["/http://x/", "/http://x/"],
    ["/%2e%2e/\\x", "/%2e%2e/\\x"],
  ] as const
) {
  Deno.test(`the path of the target ${target} is ${path}, whatever the Host header is`, () => {
    for (const host of [null, "", "x y", ...HOSTS]) {
      const headers = { get: () => host };
      const url = `http://${host ?? "localhost:2"}${target}`;
      assertEquals(pathOf({ url, headers }), path, `Host: ${host}`);
    }
  });
}

for (
  const [url, path] of [
    ["http://elsewhere/-/ready", "/-/ready"],
    ["HTTPS://user@elsewhere:1/metrics?q#f", "/metrics"],
    ["http://elsewhere", ""],
    ["http://elsewhere?x", ""],
    ["http://localhost.elsewhere/x", "/x"],
    ["*", "*"],
    ["elsewhere:443", "elsewhere:443"],
    ["", ""],
  ] as const
) {
  Deno.test(`the path of ${JSON.stringify(url)}, which has another host, is ${path}`, () => {
    assertEquals(pathOf({ url, headers: { get: () => "localhost" } }), path);
  });
}
