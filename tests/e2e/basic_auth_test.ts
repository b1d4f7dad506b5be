import { hashSync } from "bcryptjs";
import { assert, assertEquals } from "../support/assert.ts";
import type { Exporter } from "../support/exporter.ts";
import { linesWith } from "../support/log_lines.ts";
import { exchange, type RawAnswer } from "../support/raw_http.ts";
import { tempDir } from "../support/temp_dir.ts";
import { until } from "../support/wait.ts";
import { startWith } from "../support/web_config_file.ts";

const HEADERS = { "X-Frame-Options": "deny", "Content-Security-Policy": "default-src 'none'" };

const ALICE = { alice: hashSync("Tr0ub4dor", 4) };

/** Sends a request, with a header if there is one. */
function answerTo({ port }: Exporter, request: string, header = ""): Promise<RawAnswer> {
  const headers = `Host: localhost\r\nConnection: close\r\n${header === "" ? "" : `${header}\r\n`}`;
  return exchange(port, `${request} HTTP/1.1\r\n${headers}\r\n`);
}

function basic(credentials: string): string {
  return `Authorization: Basic ${new TextEncoder().encode(credentials).toBase64()}`;
}

Deno.test("users must log in on every path, with every method", async () => {
  await using dir = await tempDir();
  await using exporter = await startWith(dir, {
    basic_auth_users: { ...ALICE, "jürgen": hashSync("paß:wörd", 4) },
    http_server_config: { headers: HEADERS },
  });
  const statusOf = async (request: string, authorization: string): Promise<number> => {
    const { status, headers, body } = await answerTo(exporter, request, authorization);
    assertEquals(headers.get("www-authenticate"), status === 401 ? "Basic" : null);
    assertEquals(headers.get("x-frame-options"), "deny");
    if (request.startsWith("HEAD")) assertEquals(body, "");
    return status;
  };
  const wrong = [
    ...["", basic("alice:tr0ub4dor"), basic("alice:"), basic("bob:Tr0ub4dor"), basic(":")],
    ...["Authorization: Basic !", "Authorization: Bearer YWxpY2U6VHIwdWI0ZG9y"],
  ];
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
      assertEquals(await statusOf(request, right), expected, request);
    }
    for (const header of wrong) {
      assertEquals(await statusOf(request, header), 401, `${request} ${header}`);
    }
  }
  const { stderr } = await exporter.stop();
  assertEquals(linesWith(stderr, "request failed"), []);
});

Deno.test("waiting wrong passwords do not delay a known user", async () => {
  await using dir = await tempDir();
  const users = { alice: hashSync("Tr0ub4dor", 10) };
  await using exporter = await startWith(dir, { basic_auth_users: users });
  const statusOf = async (credentials: string): Promise<number> =>
    (await answerTo(exporter, "GET /metrics", basic(credentials))).status;
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
