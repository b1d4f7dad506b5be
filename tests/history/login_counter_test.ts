import { LoginCounter, MAX_USERS } from "../../lib/history/login_counter.ts";
import type { Logins } from "../../lib/sessions/history.ts";
import { SESSION_KINDS } from "../../lib/sessions/session.ts";
import { EVERYBODY, type UserFilter } from "../../lib/sessions/user_filter.ts";
import { utmpEntries } from "../../lib/utmp/decode.ts";
import { RECORD_TYPES } from "../../lib/utmp/record.ts";
import { assertEquals, assertNotEquals, assertStrictEquals } from "../support/assert.ts";
import { encodeUtmp, type RecordFields } from "../support/encode_utmp.ts";
import { countsOf } from "../support/history.ts";
import { login } from "../support/utmp_file.ts";

function loginsOf(records: readonly RecordFields[], filter: UserFilter = EVERYBODY): Logins {
  const counter = new LoginCounter(filter);
  for (const entry of utmpEntries(encodeUtmp("384le", records), "384le")) counter.add(entry);
  return counter.data();
}

Deno.test("without records every kind has 0 logins", () => {
  const { counts, lastLogins, faults } = loginsOf([]);
  assertEquals(
    counts,
    SESSION_KINDS.flatMap((kind) => [false, true].map((remote) => ({ kind, remote, logins: 0 }))),
  );
  assertEquals([lastLogins.times.size, lastLogins.omitted, faults], [0, 0, 0]);
});

for (const type of RECORD_TYPES) {
  Deno.test(`a record of type ${type} is ${type === "user_process" ? "a login" : "none"}`, () => {
    const logins = loginsOf([{ ...login("ann", "pts/0"), type }]);
    assertEquals(countsOf(logins), type === "user_process" ? ["pty local 1"] : []);
    assertEquals(logins.lastLogins.times.size, type === "user_process" ? 1 : 0);
  });
}

for (
  const [what, record, counts] of [
    ["sshd", login("ann", "pts/0", "192.0.2.1"), ["pty remote 1"]],
    ["sshd from a name", login("ann", "pts/0", "client.example"), ["pty remote 1"]],
    ["login at a console", login("ann", "tty1"), ["console local 1"]],
    ["GDM", login("ann", "tty2", "tty2"), ["graphical local 1"]],
    ["a display", login("ann", ":0", ":0"), ["graphical local 1"]],
    ["screen", login("ann", "pts/3", ":pts/2:S.0"), ["pty local 1"]],
    ["mosh", login("ann", "pts/3", "mosh [12]"), ["pty remote 1"]],
    ["an ftp server", login("ann", "ftpd12", "192.0.2.1"), ["other remote 1"]],
    ["no user", login("", "pts/0", "192.0.2.1"), []],
    ["no line", login("ann", "", "192.0.2.1"), ["other remote 1"]],
    [
      "only an address",
      { ...login("ann", "pts/0"), address: Uint8Array.of(192, 0, 2, 1) },
      ["pty remote 1"],
    ],
  ] as const
) {
  Deno.test(`the login of ${what}`, () => {
    assertEquals(countsOf(loginsOf([record])), [...counts]);
  });
}

Deno.test("the latest login of a user counts, in whatever order the records are", () => {
  const records = [3, 9.5, 1, 0].map((seconds) => ({
    ...login("ann", "pts/0"),
    seconds: Math.trunc(seconds),
    microseconds: (seconds % 1) * 1e6,
  }));
  const { lastLogins, counts } = loginsOf([...records, { ...login("bob", "tty1"), seconds: 0 }]);
  assertEquals([...lastLogins.times], [["ann", 9.5]], "0 is no time");
  assertEquals(counts.reduce((sum, { logins }) => sum + logins, 0), 5);
});

Deno.test("logins of excluded users are in no number", () => {
  const records = [login("ann", "pts/0"), login("bob", "pts/1"), login("ann", "tty1")];
  const logins = loginsOf(records, (user) => user === "ann");
  assertEquals(countsOf(logins), ["console local 1", "pty local 1"]);
  assertEquals([...logins.lastLogins.times.keys()], ["ann"]);
});

Deno.test("a record that cannot be decoded is a fault", () => {
  assertEquals(loginsOf([{ type: 99 }, login("ann", "pts/0")]).faults, 1);
});

Deno.test("data are the same object until the next record, and do not change afterwards", () => {
  const counter = new LoginCounter(EVERYBODY);
  const add = (record: RecordFields): void => {
    for (const entry of utmpEntries(encodeUtmp("384le", [record]), "384le")) counter.add(entry);
  };
  add(login("ann", "pts/0"));
  const before = counter.data();
  assertStrictEquals(counter.data(), before);
  add({ type: "dead_process", line: "pts/0", seconds: 1 });
  assertStrictEquals(counter.data(), before);
  add(login("bob", "pts/0"));
  assertNotEquals(counter.data(), before);
  assertEquals([countsOf(before), before.lastLogins.times.size], [["pty local 1"], 1]);
});

Deno.test("users above the limit are omitted and counted, up to the limit again", () => {
  const counter = new LoginCounter(EVERYBODY);
  const size = 2 * MAX_USERS + 1;
  for (let done = 0; done < size; done += 1_000) {
    const users = Array.from({ length: Math.min(1_000, size - done) }, (_, i) => `u${done + i}`);
    const bytes = encodeUtmp("384le", users.map((user) => login(user, "pts/0")));
    for (const entry of utmpEntries(bytes, "384le")) counter.add(entry);
    if (done + 1_000 === MAX_USERS) assertEquals(counter.data().lastLogins.omitted, 0);
  }
  const { counts, lastLogins } = counter.data();
  assertEquals([lastLogins.times.size, lastLogins.omitted], [MAX_USERS, MAX_USERS]);
  assertEquals(counts.reduce((sum, { logins }) => sum + logins, 0), size);
});
