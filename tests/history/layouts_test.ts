import type { FailedLogins, HistoryRead } from "../../lib/sessions/history.ts";
import { LAYOUT_NAMES } from "../../lib/utmp/layout.ts";
import { RECORD_TYPES } from "../../lib/utmp/record.ts";
import { assertEquals } from "../support/assert.ts";
import { encodeUtmp, type RecordFields } from "../support/encode_utmp.ts";
import { expectedRecords, FIXTURES, readFixture } from "../support/fixtures.ts";
import { FOREIGN } from "../support/foreign_utmp.ts";
import { GrowingFiles } from "../support/growing_files.ts";
import {
  btmpSource,
  countsOf,
  dataOf,
  failuresOf,
  sshFailures,
  wtmpSource,
} from "../support/history.ts";
import { login } from "../support/utmp_file.ts";

function withContent(path: string, bytes: Uint8Array<ArrayBuffer>): GrowingFiles {
  const files = new GrowingFiles();
  files.create(path, bytes);
  return files;
}

/** A wtmp file with a record of every type, the clock set back in between. */
const WTMP: readonly RecordFields[] = [
  { type: "boot_time", user: "reboot", line: "~", host: "6.1.0", seconds: 1_753_273_000 },
  { type: "run_lvl", user: "runlevel", line: "~", host: "6.1.0", seconds: 1_753_273_010, pid: 53 },
  { type: "init_process", line: "tty1", pid: 500, seconds: 1_753_273_020 },
  { type: "login_process", user: "LOGIN", line: "tty1", pid: 500, seconds: 1_753_273_021 },
  login("ann", "tty1"),
  { type: "old_time", user: "date", line: "|", seconds: 1_753_280_000 },
  { type: "new_time", user: "date", line: "{", seconds: 1_753_270_000 },
  { ...login("ann", "pts/0", "192.0.2.1"), seconds: 1_753_270_060 },
  { ...login("bob", "pts/1", "2001:db8::1"), seconds: 1_753_270_070, microseconds: 250_000 },
  { type: "dead_process", line: "pts/0", pid: 1_000, seconds: 1_753_270_080 },
  { type: "accounting", line: "x", seconds: 1_753_270_090 },
  { type: "run_lvl", user: "shutdown", line: "~", host: "6.1.0", seconds: 1_753_270_100 },
];

for (const name of LAYOUT_NAMES) {
  Deno.test(`a wtmp file with the layout ${name}`, async () => {
    const files = withContent("wtmp", encodeUtmp(name, WTMP));
    const logins = await dataOf(wtmpSource(files));
    assertEquals(countsOf(logins), ["console local 1", "pty remote 2"]);
    assertEquals([...logins.lastLogins.times], [["ann", 1_753_273_800], ["bob", 1_753_270_070.25]]);
    assertEquals(logins.faults, 0);
  });

  for (const count of [1, 2, 25, 500]) {
    Deno.test(`a btmp file with the layout ${name} and ${count} records`, async () => {
      const hosts = Array.from({ length: count }, (_, i) => `192.0.2.${i % 5}`);
      const files = withContent("btmp", encodeUtmp(name, sshFailures(...hosts)));
      const data = await dataOf(btmpSource(files, { nativeLayout: name }));
      assertEquals([data.remote, data.local, data.faults], [count, 0, 0]);
      assertEquals(data.byAddress[0], { address: "192.0.2.0", failures: Math.ceil(count / 5) });
    });
  }

  Deno.test(`records with the layout ${name} are appended to an empty file`, async () => {
    const files = withContent("btmp", new Uint8Array());
    const source = btmpSource(files);
    assertEquals((await dataOf(source)).local, 0);
    files.append("btmp", encodeUtmp(name, sshFailures("192.0.2.1", "192.0.2.2", "192.0.2.1")));
    assertEquals((await dataOf(source)).remote, 3);
  });
}

for (const [file, layout] of FIXTURES) {
  Deno.test(`${file} as wtmp has the logins that were written`, async () => {
    const { counts, lastLogins } = await dataOf(wtmpSource(withContent("wtmp", readFixture(file))));
    const logins = expectedRecords(layout).filter(({ type, user }) =>
      type === "user_process" && user !== ""
    );
    assertEquals(counts.reduce((sum, { logins }) => sum + logins, 0), logins.length);
    assertEquals(
      [...lastLogins.times.keys()].sort(),
      [...new Set(logins.filter(({ seconds }) => seconds > 0).map(({ user }) => user))].sort(),
    );
  });
}

for (const [system, fileOf] of Object.entries(FOREIGN)) {
  Deno.test(`a file of ${system} is malformed`, async () => {
    const source = btmpSource(withContent("btmp", fileOf(3)));
    assertEquals(failuresOf(await source.read({ waits: true })), "malformed");
  });
}

Deno.test("a compressed file is malformed", async () => {
  const bytes = encodeUtmp("384le", sshFailures("192.0.2.1", "192.0.2.2"));
  const stream = new Blob([bytes]).stream().pipeThrough(new CompressionStream("gzip"));
  const compressed = new Uint8Array(await new Response(stream).arrayBuffer());
  const source = btmpSource(withContent("btmp", compressed));
  const read: HistoryRead<FailedLogins> = await source.read({ waits: true });
  assertEquals(failuresOf(read), "malformed");
});

Deno.test("records that cannot be decoded are faults, and the others count", async () => {
  const good = sshFailures("192.0.2.1", "192.0.2.2", "192.0.2.3");
  const bytes = encodeUtmp("384le", [...good, { type: RECORD_TYPES.length }, ...good]);
  const { remote, faults } = await dataOf(btmpSource(withContent("btmp", bytes)));
  assertEquals([remote, faults], [6, 1]);
});

Deno.test("a hole of zeros is no failed login", async () => {
  const good = encodeUtmp("384le", sshFailures("192.0.2.1", "192.0.2.2"));
  const bytes = new Uint8Array(7 * 384);
  bytes.set(good);
  bytes.set(good, 5 * 384);
  const { remote, local, faults } = await dataOf(btmpSource(withContent("btmp", bytes)));
  assertEquals([remote, local, faults], [4, 0, 0]);
});

Deno.test("names and hosts that a person typed or a name server returned do no harm", async () => {
  const bytes = ["\x1b[2J", "new\nline", '"} 1', "\u202e", "x".repeat(256)].map((text) =>
    new TextEncoder().encode(text)
  );
  const texts = [...bytes, Uint8Array.of(0xff, 0xc3, 0x28)];
  const records = texts.flatMap((text): readonly RecordFields[] => [
    {
      type: "login_process",
      line: "ssh:notty",
      user: text,
      host: "192.0.2.1",
      seconds: 1_753_273_800,
    },
    { type: "login_process", line: "ssh:notty", user: "root", host: text, seconds: 1_753_273_800 },
    {
      type: "login_process",
      line: text,
      user: text,
      host: "client.example",
      seconds: 1_753_273_800,
    },
  ]);
  const data = await dataOf(btmpSource(withContent("btmp", encodeUtmp("384le", records))));
  assertEquals([data.remote, data.faults], [18, 0]);
  const invisible = data.byAddress.filter(({ address }) => /[\p{Cc}\p{Cf}]/u.test(address));
  assertEquals(invisible, []);
});
