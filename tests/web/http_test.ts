import { pathOf } from "../../lib/web/http.ts";
import { assertEquals } from "../assert.ts";

for (
  const [target, path] of [
    ["/metrics", "/metrics"],
    ["/metrics?x=/", "/metrics"],
    ["/?/metrics", "/"],
    ["/a/b#c", "/a/b"],
    ["//metrics", "//metrics"],
    ["/http://x/", "/http://x/"],
    ["http://elsewhere/-/ready", "/-/ready"],
    ["HTTPS://user@elsewhere:1/metrics?q#f", "/metrics"],
    ["http://elsewhere", ""],
    ["http://elsewhere?x", ""],
    ["*", "*"],
    ["elsewhere:443", "elsewhere:443"],
    ["", ""],
    ["/%2e%2e/\\x", "/%2e%2e/\\x"],
  ] as const
) {
  Deno.test(`the path of the request target ${JSON.stringify(target)} is ${path}`, () => {
    assertEquals(pathOf(target), path);
  });
}
