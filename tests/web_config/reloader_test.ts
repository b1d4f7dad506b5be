import type { TlsMaterial, WebSettings, WebSettingsOutcome } from "../../lib/web_config/loader.ts";
import { WebConfigReloader } from "../../lib/web_config/reloader.ts";
import type { Note } from "../../lib/web_config/note.ts";
import { assertEquals } from "../support/assert.ts";
import { type KeptLog, keptLog } from "../support/fakes.ts";

const TLS: TlsMaterial = {
  cert: "first",
  key: "key",
  clientCa: null,
  clientAuth: "NoClientCert",
  allowedSans: null,
  minVersion: "TLSv1.2",
  maxVersion: "TLSv1.3",
};

const PLAIN: WebSettings = { tls: null, headers: {}, users: new Map(), rateLimit: null, notes: [] };
const SECURE: WebSettings = { ...PLAIN, tls: TLS };

/** A source that a test changes by hand. */
class FakeSource {
  readonly path = "/etc/web.yml";
  outcome: WebSettingsOutcome;
  current = false;
  settled = true;
  reads = 0;

  constructor(settings: WebSettings) {
    this.outcome = { ok: true, settings };
  }

  isCurrent = (): Promise<boolean> => Promise.resolve(this.current);
  isSettled = (): Promise<boolean> => Promise.resolve(this.settled);
  read = (): Promise<WebSettingsOutcome> => {
    this.reads++;
    return Promise.resolve(this.outcome);
  };

  give(settings: WebSettings): void {
    this.outcome = { ok: true, settings };
  }

  fail(error: string, path = this.path): void {
    this.outcome = { ok: false, path, error };
  }
}

interface Fixture extends KeptLog {
  readonly source: FakeSource;
  readonly live: WebConfigReloader;
  readonly certs: string[];
}

function fixture(settings: WebSettings): Fixture {
  const source = new FakeSource(settings);
  const kept = keptLog();
  const certs: string[] = [];
  const onTls = ({ cert }: TlsMaterial): unknown => certs.push(cert);
  const live = new WebConfigReloader(settings, { source, log: kept.log, onTls });
  return { ...kept, source, live, certs };
}

const TOOK = '"took up the web configuration" path=/etc/web.yml';

function refused(error: string, path = "/etc/web.yml"): string {
  const advice = '"what was in force before stays so"';
  return `"cannot use the web configuration" path=${path} error=${error} advice=${advice}`;
}

Deno.test("what is current is not read again", async () => {
  const { live, source, lines } = fixture(PLAIN);
  source.current = true;
  for (let i = 0; i < 3; i++) assertEquals(await live.now(), PLAIN);
  assertEquals([source.reads, lines, live.lastReloadSucceeded], [0, [], true]);
});

Deno.test("what was read again and is the same says nothing", async () => {
  const { live, source, lines, certs } = fixture(SECURE);
  source.give({ ...SECURE, tls: { ...TLS }, users: new Map() });
  assertEquals(await live.now(), SECURE);
  assertEquals([source.reads, lines, certs], [1, [], []]);
});

Deno.test("a change is taken up and said once", async () => {
  const { live, source, messages } = fixture(PLAIN);
  const users = new Map([["alice", "hash"]]);
  for (
    const change of [{ users }, { users: new Map([["alice", "other"]]) }, {
      headers: { "x-frame-options": "deny" },
    }, { rateLimit: { interval: 1, burst: 1 } }]
  ) {
    const before = messages().length;
    source.give({ ...PLAIN, ...change });
    for (let i = 0; i < 3; i++) assertEquals(await live.now(), { ...PLAIN, ...change });
    assertEquals(messages().slice(before), [TOOK]);
  }
});

Deno.test("notes on a configuration are logged when they change, and only then", async () => {
  const { live, source, messages } = fixture(PLAIN);
  const first: Note = { level: "info", setting: "a", effect: "b" };
  const second: Note = { level: "warn", setting: "c", effect: "d" };
  const said = ({ setting, effect }: Note): string =>
    '"a web configuration setting has another effect here" ' +
    `path=/etc/web.yml setting=${setting} effect=${effect}`;
  for (
    const [change, expected] of [
      [{ notes: [first] }, [TOOK, said(first)]],
      [{ notes: [{ ...first }], headers: { "x-frame-options": "deny" } }, [TOOK]],
      [{ notes: [first, second] }, [TOOK, said(first), said(second)]],
      [{ notes: [] }, [TOOK]],
    ] as const
  ) {
    const before = messages().length;
    source.give({ ...PLAIN, ...change });
    for (let i = 0; i < 3; i++) await live.now();
    assertEquals(messages().slice(before), [...expected]);
  }
});

Deno.test("certificates go to the servers when they change, and only then", async () => {
  const { live, source, certs } = fixture(SECURE);
  source.give({ ...SECURE, headers: { "x-frame-options": "deny" } });
  await live.now();
  assertEquals(certs, []);
  source.give({ ...SECURE, tls: { ...TLS, cert: "second" } });
  await live.now();
  await live.now();
  assertEquals(certs, ["second"]);
  source.give({ ...SECURE, tls: { ...TLS, cert: "second", allowedSans: ["a"] } });
  await live.now();
  assertEquals(certs, ["second", "second"]);
});

Deno.test("a bad file leaves the settings, is told once, and so is its end", async () => {
  const { live, source, messages } = fixture(PLAIN);
  source.fail("bad");
  for (let i = 0; i < 3; i++) assertEquals(await live.now(), PLAIN);
  assertEquals([live.lastReloadSucceeded, messages()], [false, [refused("bad")]]);
  source.fail("worse");
  for (let i = 0; i < 3; i++) await live.now();
  source.fail("worse", "/etc/key.pem");
  for (let i = 0; i < 3; i++) await live.now();
  assertEquals(messages().slice(1), [refused("worse"), refused("worse", "/etc/key.pem")]);
  source.give(PLAIN);
  for (let i = 0; i < 3; i++) assertEquals(await live.now(), PLAIN);
  assertEquals([live.lastReloadSucceeded, messages().slice(3)], [true, [TOOK]]);
});

for (
  const [what, from, to] of [
    ["TLS that begins", PLAIN, SECURE],
    ["TLS that ends", SECURE, PLAIN],
    ["another client_auth_type", SECURE, {
      ...SECURE,
      tls: { ...TLS, clientAuth: "RequestClientCert" },
    }],
  ] as const
) {
  Deno.test(`${what} needs a restart, and the rest of the file waits for it too`, async () => {
    const { live, source, messages, certs } = fixture(from);
    source.give({ ...to, users: new Map([["alice", "hash"]]) });
    for (let i = 0; i < 3; i++) assertEquals(await live.now(), from);
    assertEquals([live.lastReloadSucceeded, certs], [false, []]);
    assertEquals(messages(), [
      refused('"TLS itself and client_auth_type can change at a restart only"'),
    ]);
  });
}

Deno.test("files that are being written are neither taken nor refused", async () => {
  const { live, source, lines } = fixture({ ...PLAIN, users: new Map([["alice", "hash"]]) });
  source.settled = false;
  source.give(PLAIN);
  assertEquals((await live.now()).users.size, 1);
  source.fail("cut");
  assertEquals((await live.now()).users.size, 1);
  assertEquals([live.lastReloadSucceeded, lines], [true, []]);
  source.settled = true;
  source.give(PLAIN);
  assertEquals((await live.now()).users.size, 0);
});

Deno.test("those who ask at the same time share one look", async () => {
  const { live, source } = fixture(PLAIN);
  await Promise.all([live.now(), live.now(), live.now()]);
  assertEquals(source.reads, 1);
  await live.now();
  assertEquals(source.reads, 2);
});

Deno.test("a look that breaks leaves the settings and ends nothing", async () => {
  const { source, live, messages } = fixture(PLAIN);
  source.read = () => Promise.reject(new RangeError("broken"));
  for (let i = 0; i < 2; i++) assertEquals(await live.now(), PLAIN);
  assertEquals(live.lastReloadSucceeded, false);
  assertEquals(messages(), [refused('"RangeError: broken"')]);
});
