import { pathOf } from "../../lib/web/http.ts";
import { assertEquals } from "../support/assert.ts";

/** Without a Host header, and with some that no client should send. */
const HOSTS = [
  null,
  "",
  "localhost:1",
  "a/b",
  "a/metrics",
  "a?b",
  "a#b",
  "x y",
  "[::1]:1",
  "http://x/",
];

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
    for (const host of HOSTS) {
      const headers = { get: () => host };
      assertEquals([host, pathOf({ url: `http://${host ?? "localhost:2"}${target}`, headers })], [
        host,
        path,
      ]);
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
