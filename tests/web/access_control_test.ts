import { hashSync } from "bcryptjs";
import type { WebSettings } from "../../lib/web_config/loader.ts";
import { withAccessControl } from "../../lib/web/access_control.ts";
import { type Handler, pathOf, plainResponse } from "../../lib/web/http.ts";
import { MAX_WAITING } from "../../lib/web/passwords.ts";
import { assertEquals } from "../support/assert.ts";
import { TestClock } from "../support/fakes.ts";
import { ask } from "../support/ask.ts";

type Settings = Pick<WebSettings, "headers" | "users" | "rateLimit">;

const OPEN: Settings = { headers: {}, users: new Map(), rateLimit: null };
const USERS = new Map([["alice", hashSync("right", 4)]]);
const AS_ALICE = { headers: { authorization: `Basic ${btoa("alice:right")}` } };
const AS_OTHER = { headers: { authorization: `Basic ${btoa("alice:wrong")}` } };

interface Fixture {
  readonly handler: Handler;
  /** The targets that came through. */
  readonly seen: string[];
  readonly clock: TestClock;
}

/** Access control with these settings before a handler that answers `Here`. */
function fixtureWith(settings: Partial<Settings> | (() => Partial<Settings>)): Fixture {
  const clock = new TestClock();
  const seen: string[] = [];
  const current = typeof settings === "function" ? settings : () => settings;
  const handler = withAccessControl((request) => {
    seen.push(pathOf(request));
    return Promise.resolve(plainResponse(200, "Here", { "x-frame-options": "deny" }));
  }, { settings: () => Promise.resolve({ ...OPEN, ...current() }), clock });
  return { handler, seen, clock };
}

Deno.test("without users, every request is accepted, whatever its credentials", async () => {
  const { handler } = fixtureWith({});
  for (const asked of [{}, AS_ALICE, AS_OTHER]) {
    assertEquals((await ask(handler, "/metrics", asked)).text, "Here\n");
  }
});

Deno.test("with users, only their requests are accepted, on every path", async () => {
  const { handler, seen } = fixtureWith({ users: USERS });
  for (const path of ["/", "/metrics", "/-/healthy", "/-/ready", "/other"]) {
    for (const asked of [{}, AS_OTHER, { headers: { authorization: "Basic" } }]) {
      const { status, headers, text } = await ask(handler, path, asked);
      assertEquals([status, headers["www-authenticate"], text], [401, "Basic", "Unauthorized\n"]);
    }
    assertEquals(seen, []);
    assertEquals((await ask(handler, path, AS_ALICE)).status, 200);
    assertEquals(seen.splice(0), [path]);
  }
});

Deno.test("the rate limit is checked before users, and counts refused requests", async () => {
  const { handler, clock } = fixtureWith({
    users: USERS,
    headers: { "x-xss-protection": "0" },
    rateLimit: { interval: 1_000, burst: 2 },
  });
  const statusOf = async (asked = {}): Promise<number> => (await ask(handler, "/", asked)).status;
  assertEquals([await statusOf(), await statusOf(AS_ALICE), await statusOf(AS_ALICE)], [
    401,
    200,
    429,
  ]);
  const { headers } = await ask(handler, "/");
  assertEquals(["x-xss-protection" in headers, "www-authenticate" in headers], [false, false]);
  clock.pass(1_000);
  assertEquals([await statusOf(AS_ALICE), await statusOf(AS_ALICE)], [200, 429]);
});

Deno.test("all responses have the headers; those of the handler have priority", async () => {
  const headers = { "x-frame-options": "sameorigin", "strict-transport-security": "max-age=1" };
  const { handler } = fixtureWith({ users: USERS, headers });
  const answered = await ask(handler, "/", AS_ALICE);
  assertEquals(answered.headers["strict-transport-security"], "max-age=1");
  assertEquals(answered.headers["x-frame-options"], "deny");
  const refused = await ask(handler, "/");
  assertEquals(refused.headers["strict-transport-security"], "max-age=1");
  assertEquals(refused.headers["x-frame-options"], "sameorigin");
});

Deno.test("too many passwords at a time get 503, a cached one does not", async () => {
  const { handler } = fixtureWith({ users: USERS });
  assertEquals((await ask(handler, "/", AS_ALICE)).status, 200);
  const wrong = Array.from({ length: MAX_WAITING + 1 }, () => ask(handler, "/", AS_OTHER));
  const right = ask(handler, "/", AS_ALICE);
  const statuses = (await Promise.all(wrong)).map(({ status }) => status);
  assertEquals(statuses.filter((status) => status === 401).length, MAX_WAITING);
  assertEquals(statuses.filter((status) => status === 503).length, 1);
  assertEquals((await right).status, 200);
});

Deno.test("each request uses the current settings", async () => {
  let settings: Partial<Settings> = {};
  const { handler } = fixtureWith(() => settings);
  assertEquals((await ask(handler, "/")).status, 200);
  settings = { users: USERS };
  assertEquals((await ask(handler, "/")).status, 401);
  assertEquals((await ask(handler, "/", AS_ALICE)).status, 200);
  settings = { users: new Map([["alice", hashSync("new", 4)]]) };
  assertEquals((await ask(handler, "/", AS_ALICE)).status, 401);
});
