import { hashSync } from "bcryptjs";
import {
  type AuthResult,
  type Credentials,
  MAX_VERIFIED,
  MAX_WAITING,
  parseBasic,
  Passwords,
} from "../../lib/web/passwords.ts";
import { assertEquals } from "../support/assert.ts";

function basic(text: string): string {
  return `Basic ${new TextEncoder().encode(text).toBase64()}`;
}

for (
  const [header, user, password] of [
    [basic("alice:secret"), "alice", "secret"],
    ["basic YTpi", "a", "b"],
    ["BASIC  YTpi  ", "a", "b"],
    [basic("alice:"), "alice", ""],
    [basic(":secret"), "", "secret"],
    [basic(":"), "", ""],
    [basic("alice:a:b:"), "alice", "a:b:"],
    [basic("jürgen:paß wörd"), "jürgen", "paß wörd"],
    [basic("\ufeffalice:x"), "\ufeffalice", "x"],
    [basic("alice:\0\n"), "alice", "\0\n"],
  ] as const
) {
  Deno.test(`Authorization ${JSON.stringify(header)}: ${JSON.stringify([user, password])}`, () => {
    assertEquals(parseBasic(header), { user, password });
  });
}

/** Schemes and texts that are not Basic credentials; a bar separates them. */
const NO_CREDENTIALS = "|Basic|Basic |Basic !!!!|Basic YTpi=|Basic YTp_|Basic YTpi YTpi|" +
  "Basic YTpi, Basic YTpi|Bearer YTpi|XBasic YTpi";
const NOT_UTF8 = `Basic ${Uint8Array.of(0x61, 0x3a, 0xe9).toBase64()}`;

for (const header of [undefined, basic("no colon"), NOT_UTF8, ...NO_CREDENTIALS.split("|")]) {
  Deno.test(`Authorization ${JSON.stringify(header)}: no credentials`, () => {
    assertEquals(parseBasic(header), null);
  });
}

const ALICE: Credentials = { user: "alice", password: "right" };
const BOB: Credentials = { user: "bob", password: "right" };
const USERS = new Map([["alice", "hash of alice"], ["bob", "hash of bob"]]);

interface Counted {
  /** Verifies one after the other. */
  readonly verify: (
    credentials: readonly Credentials[],
    users?: ReadonlyMap<string, string>,
  ) => Promise<readonly AuthResult[]>;
  /** The passwords and hashes that were compared. */
  readonly compared: readonly (readonly [string, string])[];
}

/** Passwords that count comparisons; `right` is the password of every user. */
function counted(): Counted {
  const compared: (readonly [string, string])[] = [];
  const passwords = new Passwords((password, hash) => {
    compared.push([password, hash]);
    return Promise.resolve(password === "right");
  });
  const verify: Counted["verify"] = (credentials, users = USERS) =>
    Array.fromAsync(credentials, (each) => passwords.verify(each, users));
  return { verify, compared };
}

Deno.test("real hashes of each version are verified", async () => {
  const passwords = new Passwords();
  const hash = hashSync("right", 4);
  for (const version of ["2a", "2b", "2y"]) {
    const users = new Map([["alice", hash.replace(/^\$2\w/, `$${version}`)]]);
    assertEquals(await passwords.verify(ALICE, users), "accepted");
    assertEquals(await passwords.verify({ ...ALICE, password: "Right" }, users), "refused");
    assertEquals(await passwords.verify({ ...ALICE, user: "Alice" }, users), "refused");
  }
});

Deno.test("a correct password is cached, a wrong one is not", async () => {
  const { verify, compared } = counted();
  const wrong = { ...ALICE, password: "wrong" };
  await verify([ALICE, ALICE, wrong, wrong, BOB, ALICE, BOB]);
  const [alice, bob] = ["hash of alice", "hash of bob"];
  assertEquals(compared, [["right", alice], ["wrong", alice], ["wrong", alice], ["right", bob]]);
});

Deno.test("a cached password is valid only for its hash and its user", async () => {
  const { verify, compared } = counted();
  await verify([ALICE]);
  await verify([ALICE], new Map([["alice", "another hash"]]));
  await verify([BOB], new Map([["bob", "hash of alice"]]));
  assertEquals(compared.length, 3);
  assertEquals(await verify([ALICE], new Map([["bob", "hash of alice"]])), ["refused"]);
});

Deno.test("an unknown user is compared with the hash of a known user, always the same one", async () => {
  const { verify, compared } = counted();
  const unknown = Array.from({ length: 50 }, (_, i) => ({ ...ALICE, user: `nobody${i}` }));
  assertEquals(new Set(await verify([...unknown, ...unknown])), new Set(["refused"]));
  assertEquals(compared.length, 100);
  assertEquals(compared.slice(0, 50), compared.slice(50));
  assertEquals(new Set(compared.map(([, hash]) => hash)), new Set(USERS.values()));
});

Deno.test("the number of cached passwords is limited: the oldest is removed", async () => {
  const { verify, compared } = counted();
  const all = Array.from({ length: MAX_VERIFIED + 1 }, (_, i) => ({ ...ALICE, user: `user${i}` }));
  const users = new Map(all.map(({ user }) => [user, `hash of ${user}`]));
  const known = all.slice(0, MAX_VERIFIED);
  await verify([...known, ...known], users);
  assertEquals(compared.length, MAX_VERIFIED);
  await verify([...all.slice(MAX_VERIFIED), ...all.slice(1, 2)], users);
  assertEquals(compared.length, MAX_VERIFIED + 1);
  await verify(all.slice(0, 1), users);
  assertEquals(compared.length, MAX_VERIFIED + 2);
});

Deno.test("other work runs between two waiting passwords", async () => {
  const order: string[] = [];
  const passwords = new Passwords(() => {
    order.push("password");
    setTimeout(() => order.push("other"), 0);
    return Promise.resolve(false);
  });
  await Promise.all([1, 2, 3].map((i) => passwords.verify({ ...ALICE, password: `${i}` }, USERS)));
  assertEquals(order.slice(0, 5), ["password", "other", "password", "other", "password"]);
  await new Promise((resolve) => setTimeout(resolve, 0));
});

Deno.test("passwords are compared one at a time; beyond the limit the result is busy", async () => {
  const waiting: (() => void)[] = [];
  let [running, most] = [0, 0];
  const passwords = new Passwords(async () => {
    most = Math.max(most, ++running);
    await new Promise<void>((resolve) => waiting.push(resolve));
    running--;
    return true;
  });
  const attempt = (i: number): Promise<AuthResult> =>
    passwords.verify({ ...ALICE, password: `${i}` }, USERS);
  const attempts = Array.from({ length: MAX_WAITING }, (_, i) => attempt(i));
  assertEquals(await attempt(MAX_WAITING), "busy");
  let isOver = false;
  const all = Promise.all(attempts).finally(() => isOver = true);
  while (!isOver) {
    waiting.shift()?.();
    await new Promise((resolve) => setTimeout(resolve));
  }
  assertEquals(await all, attempts.map(() => "accepted"));
  assertEquals([most, await attempt(0)], [1, "accepted"]);
});

Deno.test("a comparison that fails does not block the next ones", async () => {
  const passwords = new Passwords((password) =>
    password === "bad" ? Promise.reject(new Error("bad")) : Promise.resolve(true)
  );
  const bad = passwords.verify({ ...ALICE, password: "bad" }, USERS).catch(() => "rejected");
  assertEquals([await passwords.verify(ALICE, USERS), await bad], ["accepted", "rejected"]);
});
