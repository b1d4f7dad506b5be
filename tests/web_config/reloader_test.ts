import type { TlsMaterial, WebConfigError, WebSettings } from "../../lib/web_config/loader.ts";
import type { Result } from "../../lib/result.ts";
import { WebConfigReloader } from "../../lib/web_config/reloader.ts";
import type { Note } from "../../lib/web_config/note.ts";
import { assertEquals } from "../support/assert.ts";
import { keptLog } from "../support/fakes.ts";

const TLS: TlsMaterial = {
  ...{ cert: "first", key: "key", clientCa: null, clientAuth: "NoClientCert", allowedSans: null },
  ...{ minVersion: "TLSv1.2", maxVersion: "TLSv1.3" },
};

const PLAIN: WebSettings = { tls: null, headers: {}, users: new Map(), rateLimit: null, notes: [] };
const SECURE: WebSettings = { ...PLAIN, tls: TLS };

/** A loader that a test changes by hand. */
class FakeLoader {
  readonly path = "/etc/web.yml";
  outcome: Result<WebSettings, WebConfigError> = { ok: true, value: PLAIN };
  current = false;
  settled = true;
  reads = 0;

  isCurrent = (): Promise<boolean> => Promise.resolve(this.current);
  isSettled = (): Promise<boolean> => Promise.resolve(this.settled);
  read = (): Promise<Result<WebSettings, WebConfigError>> => {
    this.reads++;
    return Promise.resolve(this.outcome);
  };

  give(value: WebSettings): void {
    this.outcome = { ok: true, value };
  }

  fail(reason: string, path = this.path): void {
    this.outcome = { ok: false, error: { path, reason } };
  }
}

/** A reloader with its loader and log. */
class Fixture {
  readonly loader = new FakeLoader();
  /** The certificates that the servers got. */
  readonly certs: string[] = [];
  readonly reloader: WebConfigReloader;
  readonly #kept = keptLog();

  constructor(settings: WebSettings) {
    const onTls = ({ cert }: TlsMaterial): unknown => this.certs.push(cert);
    const { loader } = this;
    this.reloader = new WebConfigReloader(settings, { loader, log: this.#kept.log, onTls });
  }

  /** Checks three times, with the same result; gives it and what was logged. */
  check = async (): Promise<readonly [WebSettings, readonly string[]]> => {
    const before = this.#kept.messages().length;
    const current = await this.reloader.current();
    for (let i = 0; i < 2; i++) assertEquals(await this.reloader.current(), current);
    return [current, this.#kept.messages().slice(before)];
  };
}

const USERS: WebSettings = { ...PLAIN, users: new Map([["alice", "hash"]]) };
const RELOADED = '"web configuration reloaded" path=/etc/web.yml';

function refused(error: string, path = "/etc/web.yml"): string {
  const advice = '"the previous configuration stays active"';
  return `"cannot use the web configuration" path=${path} error=${error} advice=${advice}`;
}

Deno.test("current files are not read again", async () => {
  const { check, reloader, loader } = new Fixture(PLAIN);
  loader.current = true;
  assertEquals(await check(), [PLAIN, []]);
  assertEquals([loader.reads, reloader.lastReloadSucceeded], [0, true]);
});

Deno.test("an unchanged configuration is not logged when it is read again", async () => {
  const { check, loader, certs } = new Fixture(SECURE);
  loader.give({ ...SECURE, tls: { ...TLS }, users: new Map() });
  assertEquals(await check(), [SECURE, []]);
  assertEquals([loader.reads, certs], [3, []]);
});

Deno.test("a changed configuration is reloaded and logged once", async () => {
  const { check, loader } = new Fixture(PLAIN);
  const others = { ...PLAIN, users: new Map([["alice", "other"]]) };
  const headers = { ...PLAIN, headers: { "x-frame-options": "deny" } };
  for (
    const changed of [USERS, others, headers, { ...PLAIN, rateLimit: { interval: 1, burst: 1 } }]
  ) {
    loader.give(changed);
    assertEquals(await check(), [changed, [RELOADED]]);
  }
});

Deno.test("notes on a configuration are logged only when they change", async () => {
  const { check, loader } = new Fixture(PLAIN);
  const first: Note = { level: "info", setting: "a", effect: "b" };
  const second: Note = { level: "warn", setting: "c", effect: "d" };
  const said = ({ setting, effect }: Note): string =>
    '"web configuration setting has a different effect" ' +
    `path=/etc/web.yml setting=${setting} effect=${effect}`;
  for (
    const [change, expected] of [
      [{ notes: [first] }, [said(first)]],
      [{ notes: [{ ...first }], headers: { "x-frame-options": "deny" } }, []],
      [{ notes: [first, second] }, [said(first), said(second)]],
      [{ notes: [] }, []],
    ] as const
  ) {
    loader.give({ ...PLAIN, ...change });
    assertEquals((await check())[1], [RELOADED, ...expected]);
  }
});

Deno.test("the servers get certificates only when they change", async () => {
  const { check, loader, certs } = new Fixture(SECURE);
  const second = { ...TLS, cert: "second" };
  for (
    const [settings, expected] of [
      [{ ...SECURE, headers: { "x-frame-options": "deny" } }, []],
      [{ ...SECURE, tls: second }, ["second"]],
      [{ ...SECURE, tls: { ...second, allowedSans: ["a"] } }, ["second", "second"]],
    ] as const
  ) {
    loader.give(settings);
    await check();
    assertEquals(certs, [...expected]);
  }
});

Deno.test("an invalid file keeps the settings; it is logged once, and so is the recovery", async () => {
  const { check, reloader, loader } = new Fixture(PLAIN);
  for (const [error, path] of [["bad"], ["worse"], ["worse", "/etc/key.pem"]] as const) {
    loader.fail(error, path);
    assertEquals(await check(), [PLAIN, [refused(error, path)]]);
    assertEquals(reloader.lastReloadSucceeded, false);
  }
  loader.give(PLAIN);
  assertEquals(await check(), [PLAIN, [RELOADED]]);
  assertEquals(reloader.lastReloadSucceeded, true);
});

const OTHER_CLIENTS = { ...SECURE, tls: { ...TLS, clientAuth: "RequestClientCert" } } as const;

for (
  const [what, from, to] of [
    ["TLS that begins", PLAIN, SECURE],
    ["TLS that ends", SECURE, PLAIN],
    ["another client_auth_type", SECURE, OTHER_CLIENTS],
  ] as const
) {
  Deno.test(`${what} needs a restart, and the rest of the file is not applied either`, async () => {
    const { check, reloader, loader, certs } = new Fixture(from);
    loader.give({ ...to, users: USERS.users });
    const error = '"to enable or disable TLS, or to change client_auth_type, restart the exporter"';
    assertEquals(await check(), [from, [refused(error)]]);
    assertEquals([reloader.lastReloadSucceeded, certs], [false, []]);
  });
}

Deno.test("files that are being written are neither applied nor rejected", async () => {
  const { check, reloader, loader } = new Fixture(USERS);
  loader.settled = false;
  loader.give(PLAIN);
  assertEquals(await check(), [USERS, []]);
  loader.fail("cut");
  assertEquals(await check(), [USERS, []]);
  assertEquals(reloader.lastReloadSucceeded, true);
  loader.settled = true;
  loader.give(PLAIN);
  assertEquals(await check(), [PLAIN, [RELOADED]]);
});

Deno.test("overlapping calls share one check", async () => {
  const { reloader, loader } = new Fixture(PLAIN);
  await Promise.all([reloader.current(), reloader.current(), reloader.current()]);
  assertEquals(loader.reads, 1);
  await reloader.current();
  assertEquals(loader.reads, 2);
});

Deno.test("a check that throws keeps the settings", async () => {
  const { check, loader, reloader } = new Fixture(PLAIN);
  loader.read = () => Promise.reject(new RangeError("broken"));
  assertEquals(await check(), [PLAIN, [refused('"RangeError: broken"')]]);
  assertEquals(reloader.lastReloadSucceeded, false);
});
