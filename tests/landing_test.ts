import { landingPage } from "../lib/landing.ts";
import { assertEquals, assertStringIncludes } from "./assert.ts";

Deno.test("the first page links to the metrics", () => {
  const page = landingPage({ version: "1.2.3", telemetryPath: "/a/b" });
  assertStringIncludes(page, '<a href="/a/b">Metrics</a>');
  assertStringIncludes(page, "Version 1.2.3");
});

Deno.test("every value on the first page is escaped", () => {
  const hostile = `</title><script>"'&`;
  const page = landingPage({ version: hostile, telemetryPath: hostile });
  const escaped = "&lt;/title&gt;&lt;script&gt;&quot;&#39;&amp;";
  assertEquals(page.split(escaped).length - 1, 2);
  assertEquals(page.includes("<script"), false);
});
