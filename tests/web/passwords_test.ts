import { hashSync } from "bcryptjs";
import {
  type AuthResult,
  type Credentials,
  MAX_VERIFIED,
  MAX_WAITING,
  parseBasic,
  Passwords,
} from "../../lib/web/passwords.ts";
import { assert, assertEquals } from "../support/assert.ts";

function basic(text: string): string {
  return `Basic ${new TextEncoder().encode(text).toBase64()}`;
}

for (
  const [header, expected] of [
    [basic("alice:secret"), { user: "alice", password: "secret" }],
    ["basic YTpi", { user: "a", password: "b" }],
    ["BASIC  YTpi  ", { user: "a", password: "b" }],
    [basic("alice:"), { user: "alice", password: "" }],
    [basic(":secret"), { user: "", password: "secret" }],
    [basic(":"), { user: "", password: "" }],
    [basic("alice:a:b:"), { user: "alice", password: "a:b:" }],
    [basic("jürgen:paß wörd"), { user: "jürgen", password: "paß wörd" }],
    [basic("\ufeffalice:x"), { user: "\ufeffalice", password: "x" }],
    [basic("alice:\0\n"), { user: "alice", password: "\0\n" }],
    [undefined, null],
    ["", null],
    ["Basic", null],
    ["Basic ", null],
    ["Basic !!!!", null],
    ["Basic YTpi=", null],
    ["Basic YTp_", null],
    ["Basic YTpi YTpi", null],
    ["Basic YTpi, Basic YTpi", null],
    ["Bearer YTpi", null],
    ["XBasic YTpi", null],
    [basic("no colon"), null],
    [`Basic ${Uint8Array.of(0x61, 0x3a, 0xe9).toBase64()}`, null],
  ] as const
) {
  Deno.test(`Authorization ${JSON.stringify(header)}: ${JSON.stringify(expected)}`, () => {
    assertEquals(parseBasic(header), expected);
  });
}

const ALICE: Credentials = { user: "alice", password: "right" };
const BOB: Credentials = { user: "bob", password: "right" };
const USERS = new Map([["alice", "hash of alice"], ["bob", "hash of bob"]]);

/** Passwords that count what is compared; `right` is the password of everybody. */
function counted(): { readonly passwords: Passwords; readonly compared: (readonly string[])[] } {
  const compared: (readonly string[])[] = [];
  const passwords = new Passwords((password, hash) => {
    compared.push([password, hash]);
    return Promise.resolve(password === "right");
  });
  return { passwords, compared };
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
  const { passwords, compared } = counted();
  const wrong = { ...ALICE, password: "wrong" };
  for (const credentials of [ALICE, ALICE, wrong, wrong, BOB, ALICE, BOB]) {
    await passwords.verify(credentials, USERS);
  }
  assertEquals(compared, [
    ["right", "hash of alice"],
    ["wrong", "hash of alice"],
    ["wrong", "hash of alice"],
    ["right", "hash of bob"],
  ]);
});

Deno.test("a cached password is valid only for its hash and its user", async () => {
  const { passwords, compared } = counted();
  await passwords.verify(ALICE, USERS);
  await passwords.verify(ALICE, new Map([["alice", "another hash"]]));
  await passwords.verify(BOB, new Map([["bob", "hash of alice"]]));
  assertEquals(compared.length, 3);
  assertEquals(await passwords.verify(ALICE, new Map([["bob", "hash of alice"]])), "refused");
});

Deno.test("an unknown user is compared with the hash of a known user, always the same one", async () => {
  const { passwords, compared } = counted();
  const names = Array.from({ length: 50 }, (_, i) => `nobody${i}`);
  for (const user of [...names, ...names]) {
    assertEquals(await passwords.verify({ user, password: "right" }, USERS), "refused");
  }
  assertEquals(compared.length, 100);
  assertEquals(compared.slice(0, 50), compared.slice(50));
  assertEquals(new Set(compared.map(([, hash]) => hash)), new Set(USERS.values()));
});

Deno.test("the number of cached passwords is limited: the oldest is removed", async () => {
  const { passwords, compared } = counted();
  const users = new Map(
    Array.from({ length: MAX_VERIFIED + 1 }, (_, i) => [`user${i}`, `hash ${i}`]),
  );
  const verify = (i: number): Promise<AuthResult> =>
    passwords.verify({ user: `user${i}`, password: "right" }, users);
  for (let i = 0; i < MAX_VERIFIED; i++) await verify(i);
  for (let i = 0; i < MAX_VERIFIED; i++) await verify(i);
  assertEquals(compared.length, MAX_VERIFIED);
  await verify(MAX_VERIFIED);
  await verify(1);
  assertEquals(compared.length, MAX_VERIFIED + 1);
  await verify(0);
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
    passwords.verify({ user: "alice", password: `${i}` }, USERS);
  const attempts = Array.from({ length: MAX_WAITING }, (_, i) => attempt(i));
  assertEquals(await attempt(MAX_WAITING), "busy");
  let isOver = false;
  const all = Promise.all(attempts).finally(() => isOver = true);
  while (!isOver) {
    waiting.shift()?.();
    await new Promise((resolve) => setTimeout(resolve));
  }
  assertEquals(await all, attempts.map(() => "accepted"));
  assertEquals(most, 1);
  assertEquals(await passwords.verify({ user: "alice", password: "0" }, USERS), "accepted");
});

Deno.test("a comparison that fails does not block the next ones", async () => {
  const passwords = new Passwords((password) =>
    password === "bad" ? Promise.reject(new Error("bad")) : Promise.resolve(true)
  );
  const bad = passwords.verify({ ...ALICE, password: "bad" }, USERS);
  const good = passwords.verify(ALICE, USERS);
  assert(await bad.then(() => false, () => true));
  assertEquals(await good, "accepted");
});
