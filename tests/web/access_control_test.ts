import { hashSync } from "bcryptjs";
import type { WebSettings } from "../../lib/web_config/loader.ts";
import { withAccessControl } from "../../lib/web/access_control.ts";
import { type Handler, pathOf, plainResponse } from "../../lib/web/http.ts";
import { MAX_WAITING } from "../../lib/web/passwords.ts";
import { assertEquals } from "../support/assert.ts";
import { TestClock } from "../support/fakes.ts";
import { ask, type Asked } from "../support/ask.ts";

type Settings = Pick<WebSettings, "headers" | "users" | "rateLimit">;

const OPEN: Settings = { headers: {}, users: new Map(), rateLimit: null };
const USERS = new Map([["alice", hashSync("right", 4)]]);
const AS_ALICE = { headers: { authorization: `Basic ${btoa("alice:right")}` } };
const AS_OTHER = { headers: { authorization: `Basic ${btoa("alice:wrong")}` } };

/** Access control with these settings before a handler that answers `Here`. */
class Fixture {
  readonly clock = new TestClock();
  /** The paths of the requests that were accepted. */
  readonly seen: string[] = [];
  readonly handler: Handler;

  constructor(current: () => Partial<Settings>) {
    const inner: Handler = (request) => {
      this.seen.push(pathOf(request));
      return plainResponse(200, "Here", { "x-frame-options": "deny" });
    };
    const settings = (): Promise<Settings> => Promise.resolve({ ...OPEN, ...current() });
    this.handler = withAccessControl(inner, { settings, clock: this.clock });
  }

  statusOf = async (asked?: Asked): Promise<number> => (await ask(this.handler, "/", asked)).status;
}

Deno.test("without users, every request is accepted, whatever its credentials", async () => {
  const { handler } = new Fixture(() => ({}));
  for (const asked of [{}, AS_ALICE, AS_OTHER]) {
    assertEquals((await ask(handler, "/metrics", asked)).text, "Here\n");
  }
});

Deno.test("with users, only their requests are accepted, on every path", async () => {
  const { handler, seen } = new Fixture(() => ({ users: USERS }));
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
  const headers = { "x-xss-protection": "0" };
  const rateLimit = { interval: 1_000, burst: 2 };
  const { handler, statusOf, clock } = new Fixture(() => ({ users: USERS, headers, rateLimit }));
  assertEquals([await statusOf(), await statusOf(AS_ALICE)], [401, 200]);
  assertEquals([await statusOf(AS_ALICE), await statusOf()], [429, 429]);
  const limited = Object.keys((await ask(handler, "/")).headers);
  assertEquals(limited.filter((name) => /^(x-xss-protection|www-authenticate)$/.test(name)), []);
  clock.pass(1_000);
  assertEquals([await statusOf(AS_ALICE), await statusOf(AS_ALICE)], [200, 429]);
});

Deno.test("all responses have the headers; those of the handler have priority", async () => {
  const headers = { "x-frame-options": "sameorigin", "strict-transport-security": "max-age=1" };
  const { handler } = new Fixture(() => ({ users: USERS, headers }));
  for (const [asked, frames] of [[AS_ALICE, "deny"], [{}, "sameorigin"]] as const) {
    const answered = await ask(handler, "/", asked);
    assertEquals(answered.headers["strict-transport-security"], "max-age=1");
    assertEquals(answered.headers["x-frame-options"], frames);
  }
});

Deno.test("too many passwords at a time get 503, a cached one does not", async () => {
  const { statusOf } = new Fixture(() => ({ users: USERS }));
  assertEquals(await statusOf(AS_ALICE), 200);
  const wrong = Array.from({ length: MAX_WAITING + 1 }, () => statusOf(AS_OTHER));
  const right = statusOf(AS_ALICE);
  const statuses = (await Promise.all(wrong)).toSorted();
  assertEquals(statuses, [...Array(MAX_WAITING).fill(401), 503]);
  assertEquals(await right, 200);
});

Deno.test("each request uses the current settings", async () => {
  let users: Settings["users"] = new Map();
  const { statusOf } = new Fixture(() => ({ users }));
  assertEquals(await statusOf(), 200);
  users = USERS;
  assertEquals([await statusOf(), await statusOf(AS_ALICE)], [401, 200]);
  users = new Map([["alice", hashSync("new", 4)]]);
  assertEquals(await statusOf(AS_ALICE), 401);
});
