import { hashSync } from "bcryptjs";
import { assert, assertEquals } from "../support/assert.ts";
import { linesWith } from "../support/log_lines.ts";
import { exchange } from "../support/raw_http.ts";
import { tempDir } from "../support/temp_dir.ts";
import { until } from "../support/wait.ts";
import { startWith } from "../support/web_config_file.ts";

const HEADERS = { "X-Frame-Options": "deny", "Content-Security-Policy": "default-src 'none'" };

Deno.test("users must log in on every path, with every method", async () => {
  await using dir = await tempDir();
  await using exporter = await startWith(dir, {
    basic_auth_users: { alice: hashSync("Tr0ub4dor", 4), "jürgen": hashSync("paß:wörd", 4) },
    http_server_config: { headers: HEADERS },
  });
  const statusOf = async (request: string, authorization: string): Promise<number> => {
    const headers = `Host: localhost\r\nConnection: close\r\n${authorization}`;
    const { status, headers: answered, body } = await exchange(
      exporter.port,
      `${request} HTTP/1.1\r\n${headers}\r\n`,
    );
    assertEquals(answered.get("www-authenticate"), status === 401 ? "Basic" : null);
    assertEquals(answered.get("x-frame-options"), "deny");
    if (request.startsWith("HEAD")) assertEquals(body, "");
    return status;
  };
  const basic = (text: string): string =>
    `Authorization: Basic ${new TextEncoder().encode(text).toBase64()}\r\n`;
  for (
    const [request, expected] of [
      ["GET /metrics", 200],
      ["HEAD /metrics", 200],
      ["GET /", 200],
      ["GET /-/healthy", 200],
      ["HEAD /-/ready", 200],
      ["GET /other", 404],
      ["POST /metrics", 405],
      ["OPTIONS *", 404],
    ] as const
  ) {
    for (const right of [basic("alice:Tr0ub4dor"), basic("jürgen:paß:wörd")]) {
      assertEquals([request, await statusOf(request, right)], [request, expected]);
    }
    for (
      const wrong of [
        "",
        basic("alice:tr0ub4dor"),
        basic("alice:"),
        basic("bob:Tr0ub4dor"),
        basic(":"),
        "Authorization: Basic !\r\n",
        "Authorization: Bearer YWxpY2U6VHIwdWI0ZG9y\r\n",
      ]
    ) {
      assertEquals([request, wrong, await statusOf(request, wrong)], [request, wrong, 401]);
    }
  }
  const { stderr } = await exporter.stop();
  assertEquals(linesWith(stderr, "request failed"), []);
});

Deno.test("waiting wrong passwords do not delay a known user", async () => {
  await using dir = await tempDir();
  await using exporter = await startWith(dir, {
    basic_auth_users: { alice: hashSync("Tr0ub4dor", 10) },
  });
  const statusOf = async (credentials: string): Promise<number> => {
    const authorization = `Authorization: Basic ${btoa(credentials)}\r\n`;
    const headers = `Host: localhost\r\nConnection: close\r\n${authorization}`;
    return (await exchange(exporter.port, `GET /metrics HTTP/1.1\r\n${headers}\r\n`)).status;
  };
  assertEquals(await statusOf("alice:Tr0ub4dor"), 200);
  // Each takes seconds on an emulated processor.
  const count = 8;
  let waiting = count;
  const wrong = Array.from({ length: count }, async (_, i) => {
    const status = await statusOf(`nobody:${i}`);
    waiting--;
    return status;
  });
  await until("the first wrong password", () => Promise.resolve(waiting < count ? true : null));
  assertEquals(await statusOf("alice:Tr0ub4dor"), 200);
  const stillWaiting = waiting;
  assertEquals(new Set(await Promise.all(wrong)), new Set([401]));
  assert(stillWaiting > 0, "all wrong passwords were answered first");
});

Deno.test("the rate limit is checked first, on every path", async () => {
  await using dir = await tempDir();
  await using exporter = await startWith(dir, {
    basic_auth_users: { alice: hashSync("Tr0ub4dor", 4) },
    rate_limit: { interval: "1h", burst: 3 },
  });
  const statuses: number[] = [];
  for (const path of ["/metrics", "/", "/-/healthy", "/-/ready", "/other"]) {
    const request = `GET ${path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`;
    statuses.push((await exchange(exporter.port, request)).status);
  }
  assertEquals(statuses, [401, 401, 401, 429, 429]);
});
