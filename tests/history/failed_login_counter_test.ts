import fc from "fast-check";
import { FailedLoginCounter, MAX_ADDRESS } from "../../lib/history/failed_login_counter.ts";
import type { FailedLogins } from "../../lib/sessions/history.ts";
import { sessionOfRecord } from "../../lib/sessions/from_utmp.ts";
import { NONE } from "../../lib/sessions/session.ts";
import { EVERYBODY, type UserFilter } from "../../lib/sessions/user_filter.ts";
import { decodeUtmp, utmpEntries } from "../../lib/utmp/decode.ts";
import { assert, assertEquals, assertStrictEquals } from "../support/assert.ts";
import { encodeUtmp, type RecordFields } from "../support/encode_utmp.ts";
import { sshFailures } from "../support/history.ts";

function failuresOf(
  records: readonly RecordFields[],
  { filter = EVERYBODY, maxAddresses = 20, addresses = 100 }: {
    readonly filter?: UserFilter;
    readonly maxAddresses?: number;
    readonly addresses?: number;
  } = {},
): FailedLogins {
  const counter = new FailedLoginCounter({ filter, maxAddresses, addresses });
  for (const entry of utmpEntries(encodeUtmp("384le", records), "384le")) counter.add(entry);
  return counter.data();
}

for (
  const [type, count] of [
    ["empty", 0],
    ["run_lvl", 0],
    ["boot_time", 0],
    ["new_time", 0],
    ["old_time", 0],
    ["init_process", 1],
    ["login_process", 1],
    ["user_process", 1],
    ["dead_process", 0],
    ["accounting", 1],
  ] as const
) {
  Deno.test(`a record of type ${type} is ${count} failed logins`, () => {
    const records = sshFailures("192.0.2.1").map((record) => ({ ...record, type }));
    const { remote, local, byAddress } = failuresOf(records);
    assertEquals([remote, local, byAddress.length], [count, 0, count]);
  });
}

for (
  const [what, record, address] of [
    ["sshd", { line: "ssh:notty", host: "192.0.2.1" }, "192.0.2.1"],
    ["sshd with UseDNS", { line: "ssh:notty", host: "client.example" }, "client.example"],
    ["sshd over IPv6", { line: "ssh:notty", host: "2001:db8::1" }, "2001:db8::1"],
    ["a mapped address", { line: "ssh:notty", host: "::ffff:192.0.2.1" }, "192.0.2.1"],
    ["login", { line: "tty1", user: "ann" }, null],
    ["login of an unknown user", { line: "tty1", user: "(unknown)" }, null],
    ["su", { line: "pts/3", user: "root" }, null],
    ["GDM", { type: "user_process", line: "tty2", host: ":0" }, null],
    ["a line as host", { line: "192.0.2.1", host: "192.0.2.1" }, null],
    ["an address alone", { line: "x", address: Uint8Array.of(192, 0, 2, 9) }, "192.0.2.9"],
    [
      "mosh",
      { line: "x", host: "mosh [1]", address: Uint8Array.of(192, 0, 2, 9) },
      "192.0.2.9",
    ],
    ["no user", { line: "ssh:notty", user: "", host: "192.0.2.1" }, "192.0.2.1"],
    ["numbers that are no address", { line: "x", host: "192.0.2.256" }, "192.0.2.256"],
    ["leading zeros", { line: "x", host: "192.0.02.1" }, "192.0.02.1"],
    ["a host with control bytes", { line: "x", host: "a\n\x1b[1mb" }, "a\\x0a\\x1b[1mb"],
  ] as const
) {
  Deno.test(`the failed login of ${what}`, () => {
    const found = failuresOf([{ type: "login_process", seconds: 1, ...record }]);
    assertEquals([found.remote, found.local], address === null ? [0, 1] : [1, 0]);
    assertEquals(found.byAddress, address === null ? [] : [{ address, failures: 1 }]);
  });
}

Deno.test("a remote failed login without an origin is counted, and has no address", () => {
  const records = [{ type: "login_process", seconds: 1, line: "x", host: "mosh [1]" }] as const;
  const { remote, byAddress } = failuresOf(records);
  assertEquals([remote, byAddress], [1, []]);
});

Deno.test("the address is the origin that a session from there has", () => {
  const host = fc.oneof(
    fc.ipV4(),
    fc.ipV6(),
    fc.domain(),
    fc.string(),
    fc.constantFrom("", ":0", "tty1", "mosh [3]", "192.0.2.1 via mosh [3]", "x:S.0", "0.0.0.0"),
  );
  fc.assert(
    fc.property(
      host,
      fc.oneof(fc.constant("tty1"), host),
      fc.uint8Array({ minLength: 16, maxLength: 16 }),
      (host, line, address) => {
        const record = {
          type: "user_process",
          user: "x",
          host,
          line,
          address,
          seconds: 1,
        } as const;
        const [decoded] = decodeUtmp(encodeUtmp("384le", [record]), "384le").records;
        assert(decoded !== undefined);
        const outcome = sessionOfRecord(decoded);
        assert(outcome.counts);
        const { remote, byAddress } = failuresOf([record, record]);
        assertEquals(remote, outcome.session.remote ? 2 : 0);
        const from = outcome.session.from.slice(0, MAX_ADDRESS);
        assertEquals(byAddress[0]?.address, remote === 0 || from === NONE ? undefined : from);
      },
    ),
    { numRuns: 1_000 },
  );
});

Deno.test("the addresses with the most failures come first, equal ones in order", () => {
  const hosts = ["192.0.2.9", "b.example", "192.0.2.9", "a.example", "b.example", "2001:db8::1"];
  assertEquals(failuresOf(sshFailures(...hosts), { maxAddresses: 3 }).byAddress, [
    { address: "192.0.2.9", failures: 2 },
    { address: "b.example", failures: 2 },
    { address: "a.example", failures: 1 },
  ]);
  assertEquals(failuresOf(sshFailures(...hosts), { maxAddresses: 0 }).byAddress, []);
});

for (
  const [length, address] of [
    [MAX_ADDRESS - 1, "h".repeat(MAX_ADDRESS - 1)],
    [MAX_ADDRESS, "h".repeat(MAX_ADDRESS)],
    [MAX_ADDRESS + 1, "h".repeat(MAX_ADDRESS)],
  ] as const
) {
  Deno.test(`a host of ${length} characters`, () => {
    const { byAddress, remote } = failuresOf(sshFailures("h".repeat(length), "h".repeat(length)));
    assertEquals([remote, byAddress], [2, [{ address, failures: 2 }]]);
  });
}

Deno.test("a long host without an address", () => {
  const { remote, byAddress } = failuresOf(sshFailures(`mosh [${"1".repeat(249)}]`));
  assertEquals([remote, byAddress], [1, []]);
});

Deno.test("stray bytes between records are faults, not silence", () => {
  const records = encodeUtmp(
    "384le",
    sshFailures(...Array.from({ length: 200 }, () => "192.0.2.1")),
  );
  const bytes = new Uint8Array(2 * records.length + 17);
  bytes.set(records);
  bytes.set(records, records.length + 17);
  const counter = new FailedLoginCounter({ filter: EVERYBODY, maxAddresses: 20 });
  for (const entry of utmpEntries(bytes, "384le")) counter.add(entry);
  const { remote, local, faults } = counter.data();
  assertEquals([remote + local, faults], [200, 201]);
});

Deno.test("no user name is in the result", () => {
  const records = sshFailures("192.0.2.1", "").map((record) => ({ ...record, user: "hunter2" }));
  assert(!JSON.stringify(failuresOf(records)).includes("hunter2"));
});

Deno.test("failed logins of excluded users are in no number", () => {
  const records = ["ann", "bob", "bob"].flatMap((user, i) =>
    sshFailures(`192.0.2.${i}`).map((record) => ({ ...record, user }))
  );
  const { remote, byAddress } = failuresOf(records, { filter: (user) => user === "ann" });
  assertEquals([remote, byAddress], [1, [{ address: "192.0.2.0", failures: 1 }]]);
});

Deno.test("the error is 0 until there are more addresses than are counted", () => {
  const hosts = Array.from({ length: 101 }, (_, i) => `192.0.2.${i}`);
  assertEquals(failuresOf(sshFailures(...hosts.slice(1))).addressError, 0);
  assertEquals(failuresOf(sshFailures(...hosts)).addressError, 1);
});

Deno.test("a million addresses take the memory of those that are counted, and the total is right", () => {
  const counter = new FailedLoginCounter({ filter: EVERYBODY, maxAddresses: 20 });
  const batch = 1_000;
  const addresses = (at: number): readonly string[] =>
    Array.from({ length: batch }, (_, i) => {
      const n = at + i;
      return n % 2 === 0
        ? `10.${n >> 16 & 255}.${n >> 8 & 255}.${n & 255}`
        : `2001:db8::${(n >> 8).toString(16)}:${(n & 255).toString(16)}`;
    });
  for (let at = 0; at < 1_000_000; at += batch) {
    const records = sshFailures(...addresses(at), "192.0.2.1");
    for (const entry of utmpEntries(encodeUtmp("384le", records), "384le")) counter.add(entry);
  }
  const { remote, byAddress, addressError } = counter.data();
  assertEquals(remote, 1_001_000);
  assert(addressError > 0 && addressError < 1_001_000 / 16_384, String(addressError));
  const [first] = byAddress;
  assertEquals(first?.address, "192.0.2.1");
  assert(first !== undefined && first.failures <= 1_000 && first.failures >= 1_000 - addressError);
});

Deno.test("data are the same object until the next record", () => {
  const counter = new FailedLoginCounter({ filter: EVERYBODY, maxAddresses: 20 });
  const before = counter.data();
  assertStrictEquals(counter.data(), before);
  for (const entry of utmpEntries(encodeUtmp("384le", sshFailures("a")), "384le")) {
    counter.add(entry);
  }
  assertEquals([before.remote, counter.data().remote], [0, 1]);
});
