import { assertMatch, assertStringIncludes } from "../support/assert.ts";
import { connect, firstBytes, receive, send } from "../support/raw_http.ts";
import { tempDir } from "../support/temp_dir.ts";
import { startWith } from "../support/web_config_file.ts";

Deno.test("with a web configuration, endless headers time out, and an idle connection serves the next scrape", async () => {
  await using dir = await tempDir();
  await using exporter = await startWith(dir, {});
  using idle = await connect(exporter.port);
  await send(idle, "GET /-/healthy HTTP/1.1\r\nHost: localhost\r\n\r\n");
  assertStringIncludes(await firstBytes(idle), "HTTP/1.1 200 OK");
  using slow = await connect(exporter.port);
  await send(slow, "GET /metrics HTTP/1.1\r\nHost: local");
  // The limit of headers is 10 s.
  assertMatch(await receive(slow), /^(HTTP\/1\.1 408 Request Timeout\r\n[^]*)?$/);
  await send(idle, "GET /-/healthy HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
  assertStringIncludes(await receive(idle), "HTTP/1.1 200 OK");
});
