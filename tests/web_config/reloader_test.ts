import type { TlsMaterial, WebConfigError, WebSettings } from "../../lib/web_config/loader.ts";
import type { Result } from "../../lib/result.ts";
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

/** A loader that a test changes by hand. */
class FakeLoader {
  readonly path = "/etc/web.yml";
  outcome: Result<WebSettings, WebConfigError>;
  current = false;
  settled = true;
  reads = 0;

  constructor(settings: WebSettings) {
    this.outcome = { ok: true, value: settings };
  }

  isCurrent = (): Promise<boolean> => Promise.resolve(this.current);
  isSettled = (): Promise<boolean> => Promise.resolve(this.settled);
  read = (): Promise<Result<WebSettings, WebConfigError>> => {
    this.reads++;
    return Promise.resolve(this.outcome);
  };

  give(settings: WebSettings): void {
    this.outcome = { ok: true, value: settings };
  }

  fail(error: string, path = this.path): void {
    this.outcome = { ok: false, error: { path, reason: error } };
  }
}

interface Fixture extends KeptLog {
  readonly loader: FakeLoader;
  readonly reloader: WebConfigReloader;
  readonly certs: string[];
}

function fixture(settings: WebSettings): Fixture {
  const loader = new FakeLoader(settings);
  const kept = keptLog();
  const certs: string[] = [];
  const onTls = ({ cert }: TlsMaterial): unknown => certs.push(cert);
  const reloader = new WebConfigReloader(settings, { loader, log: kept.log, onTls });
  return { ...kept, loader, reloader, certs };
}

const RELOADED = '"web configuration reloaded" path=/etc/web.yml';

function refused(error: string, path = "/etc/web.yml"): string {
  const advice = '"the previous configuration stays active"';
  return `"cannot use the web configuration" path=${path} error=${error} advice=${advice}`;
}

Deno.test("current files are not read again", async () => {
  const { reloader, loader, lines } = fixture(PLAIN);
  loader.current = true;
  for (let i = 0; i < 3; i++) assertEquals(await reloader.current(), PLAIN);
  assertEquals([loader.reads, lines, reloader.lastReloadSucceeded], [0, [], true]);
});

Deno.test("an unchanged configuration is not logged when it is read again", async () => {
  const { reloader, loader, lines, certs } = fixture(SECURE);
  loader.give({ ...SECURE, tls: { ...TLS }, users: new Map() });
  assertEquals(await reloader.current(), SECURE);
  assertEquals([loader.reads, lines, certs], [1, [], []]);
});

Deno.test("a changed configuration is reloaded and logged once", async () => {
  const { reloader, loader, messages } = fixture(PLAIN);
  const users = new Map([["alice", "hash"]]);
  for (
    const change of [{ users }, { users: new Map([["alice", "other"]]) }, {
      headers: { "x-frame-options": "deny" },
    }, { rateLimit: { interval: 1, burst: 1 } }]
  ) {
    const before = messages().length;
    loader.give({ ...PLAIN, ...change });
    for (let i = 0; i < 3; i++) assertEquals(await reloader.current(), { ...PLAIN, ...change });
    assertEquals(messages().slice(before), [RELOADED]);
  }
});

Deno.test("notes on a configuration are logged only when they change", async () => {
  const { reloader, loader, messages } = fixture(PLAIN);
  const first: Note = { level: "info", setting: "a", effect: "b" };
  const second: Note = { level: "warn", setting: "c", effect: "d" };
  const said = ({ setting, effect }: Note): string =>
    '"web configuration setting has a different effect" ' +
    `path=/etc/web.yml setting=${setting} effect=${effect}`;
  for (
    const [change, expected] of [
      [{ notes: [first] }, [RELOADED, said(first)]],
      [{ notes: [{ ...first }], headers: { "x-frame-options": "deny" } }, [RELOADED]],
      [{ notes: [first, second] }, [RELOADED, said(first), said(second)]],
      [{ notes: [] }, [RELOADED]],
    ] as const
  ) {
    const before = messages().length;
    loader.give({ ...PLAIN, ...change });
    for (let i = 0; i < 3; i++) await reloader.current();
    assertEquals(messages().slice(before), [...expected]);
  }
});

Deno.test("the servers get certificates only when they change", async () => {
  const { reloader, loader, certs } = fixture(SECURE);
  loader.give({ ...SECURE, headers: { "x-frame-options": "deny" } });
  await reloader.current();
  assertEquals(certs, []);
  loader.give({ ...SECURE, tls: { ...TLS, cert: "second" } });
  await reloader.current();
  await reloader.current();
  assertEquals(certs, ["second"]);
  loader.give({ ...SECURE, tls: { ...TLS, cert: "second", allowedSans: ["a"] } });
  await reloader.current();
  assertEquals(certs, ["second", "second"]);
});

Deno.test("an invalid file keeps the settings; it is logged once, and so is the recovery", async () => {
  const { reloader, loader, messages } = fixture(PLAIN);
  loader.fail("bad");
  for (let i = 0; i < 3; i++) assertEquals(await reloader.current(), PLAIN);
  assertEquals([reloader.lastReloadSucceeded, messages()], [false, [refused("bad")]]);
  loader.fail("worse");
  for (let i = 0; i < 3; i++) await reloader.current();
  loader.fail("worse", "/etc/key.pem");
  for (let i = 0; i < 3; i++) await reloader.current();
  assertEquals(messages().slice(1), [refused("worse"), refused("worse", "/etc/key.pem")]);
  loader.give(PLAIN);
  for (let i = 0; i < 3; i++) assertEquals(await reloader.current(), PLAIN);
  assertEquals([reloader.lastReloadSucceeded, messages().slice(3)], [true, [RELOADED]]);
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
  Deno.test(`${what} needs a restart, and the rest of the file is not applied either`, async () => {
    const { reloader, loader, messages, certs } = fixture(from);
    loader.give({ ...to, users: new Map([["alice", "hash"]]) });
    for (let i = 0; i < 3; i++) assertEquals(await reloader.current(), from);
    assertEquals([reloader.lastReloadSucceeded, certs], [false, []]);
    assertEquals(messages(), [
      refused(
        '"to enable or disable TLS, or to change client_auth_type, restart the exporter"',
      ),
    ]);
  });
}

Deno.test("files that are being written are neither applied nor rejected", async () => {
  const { reloader, loader, lines } = fixture({ ...PLAIN, users: new Map([["alice", "hash"]]) });
  loader.settled = false;
  loader.give(PLAIN);
  assertEquals((await reloader.current()).users.size, 1);
  loader.fail("cut");
  assertEquals((await reloader.current()).users.size, 1);
  assertEquals([reloader.lastReloadSucceeded, lines], [true, []]);
  loader.settled = true;
  loader.give(PLAIN);
  assertEquals((await reloader.current()).users.size, 0);
});

Deno.test("overlapping calls share one check", async () => {
  const { reloader, loader } = fixture(PLAIN);
  await Promise.all([reloader.current(), reloader.current(), reloader.current()]);
  assertEquals(loader.reads, 1);
  await reloader.current();
  assertEquals(loader.reads, 2);
});

Deno.test("a check that throws keeps the settings", async () => {
  const { loader, reloader, messages } = fixture(PLAIN);
  loader.read = () => Promise.reject(new RangeError("broken"));
  for (let i = 0; i < 2; i++) assertEquals(await reloader.current(), PLAIN);
  assertEquals(reloader.lastReloadSucceeded, false);
  assertEquals(messages(), [refused('"RangeError: broken"')]);
});
