import { hashSync } from "bcryptjs";
import { MAX_AGE, SETTLING_TIME } from "../../lib/files/file_version.ts";
import { MAX_CONFIG_SIZE, WebConfigLoader, type WebSettings } from "../../lib/web_config/loader.ts";
import type { ClientAuthType } from "../../lib/web_config/client_auth.ts";
import { assert, assertEquals } from "../support/assert.ts";
import { makeCertificate } from "../support/certificate.ts";
import { fileState } from "../support/fake_files.ts";
import { type FakeEntry, FakeTree } from "../support/fake_tree.ts";
import { START, TestClock } from "../support/fakes.ts";

const [FIRST, SECOND] = [makeCertificate(), makeCertificate()];

const CONFIG = "tls_server_config: {cert_file: server.pem, key_file: ../key.pem}";

const [WEB, CERT, KEY] = ["/etc/exporter/web.yml", "/etc/exporter/server.pem", "/etc/key.pem"];
const FILES = { [WEB]: CONFIG, [CERT]: FIRST.cert, [KEY]: FIRST.key };

/** A loader of the usual files, with these added or replaced. The files are an hour old. */
class Fixture {
  readonly tree: FakeTree;
  readonly clock = new TestClock();
  readonly loader: WebConfigLoader;

  constructor(files: Readonly<Record<string, FakeEntry>> = {}) {
    this.tree = new FakeTree({ ...FILES, ...files });
    this.tree.modified = START - 3_600_000;
    const deps = { files: this.tree, clock: this.clock };
    this.loader = new WebConfigLoader("/etc/exporter/web.yml", deps);
  }

  /** Whether the files are settled after a read now. */
  async settlesNow(): Promise<boolean> {
    await this.loader.read();
    return await this.loader.isSettled();
  }
}

/** The settings for the configuration that consists of the files of {@link Fixture}. */
const SETTINGS: WebSettings = {
  tls: {
    ...{ cert: FIRST.cert.trimEnd(), key: FIRST.key.trimEnd(), clientCa: null, allowedSans: null },
    ...{ clientAuth: "NoClientCert", minVersion: "TLSv1.2", maxVersion: "TLSv1.3" },
  },
  ...{ headers: {}, users: new Map(), rateLimit: null, notes: [] },
};

const CHAIN = (FIRST.cert + SECOND.cert).trimEnd();

function tlsConfig(settings: Readonly<Record<string, string>>): string {
  return JSON.stringify({ tls_server_config: settings });
}

/** {@link SETTINGS} with client certificates of these authorities. */
function withClients(clientAuth: ClientAuthType, clientCa: readonly string[]): WebSettings {
  const { tls } = SETTINGS;
  return {
    ...SETTINGS,
    tls: tls && { ...tls, clientAuth, clientCa: clientCa.map((pem) => pem.trimEnd()) },
  };
}

const HASH = hashSync("x", 4);
const IN_FILES = { cert_file: "/etc/exporter/server.pem", key_file: "/etc/key.pem" };
const IN_TEXTS = { cert: FIRST.cert, key: FIRST.key, client_ca: SECOND.cert };
const [IF_GIVEN, REQUIRED] = ["VerifyClientCertIfGiven", "RequireAndVerifyClientCert"] as const;

for (
  const [what, config, others, expected] of [
    ["paths are relative to the configuration file", CONFIG, {}, SETTINGS],
    [
      "paths can be absolute, and a file can contain several authorities",
      tlsConfig({ ...IN_FILES, client_auth_type: IF_GIVEN, client_ca_file: "/ca.pem" }),
      { "/ca.pem": `${SECOND.cert}\n${FIRST.cert}` },
      withClients(IF_GIVEN, [SECOND.cert, FIRST.cert]),
    ],
    [
      "the configuration can contain certificate, key and authority",
      tlsConfig({ ...IN_TEXTS, client_auth_type: REQUIRED }),
      ...[{}, withClients(REQUIRED, [SECOND.cert])],
    ],
    [
      "one file can contain certificate and key",
      tlsConfig({ cert_file: "both.pem", key_file: "both.pem" }),
      { "/etc/exporter/both.pem": FIRST.cert + FIRST.key },
      SETTINGS,
    ],
    [
      "a file can have the maximum size",
      `basic_auth_users: {alice: ${HASH}}\n#`.padEnd(MAX_CONFIG_SIZE, "x"),
      ...[{}, { ...SETTINGS, tls: null, users: new Map([["alice", HASH]]) }],
    ],
    [
      "a certificate can have its chain",
      tlsConfig({ cert: CHAIN, key_file: "/etc/key.pem" }),
      {},
      { ...SETTINGS, tls: SETTINGS.tls && { ...SETTINGS.tls, cert: CHAIN } },
    ],
  ] as readonly (readonly [string, string, Readonly<Record<string, string>>, WebSettings])[]
) {
  Deno.test(what, async () => {
    const { loader } = new Fixture({ ...others, "/etc/exporter/web.yml": config });
    assertEquals(await loader.read(), { ok: true, value: expected });
  });
}

const CLIENT_CA = "client_ca_file: ../key.pem, client_auth_type: RequireAndVerifyClientCert";
const MISSING = new Deno.errors.NotFound("x");
const DENIED = new Deno.errors.PermissionDenied();
const FIFO = { ...fileState(0, START), isFile: false };
const TOO_LARGE = "#".repeat(MAX_CONFIG_SIZE + 1);
const NO_CERTIFICATE = "the file contains no certificate";
const NO_CA = "the file contains no client CA certificate";
const DIRECTORY = "not_regular: it is a directory";
const NO_KEY = "the file contains no unencrypted private key";
const OTHER_KEY = "the key does not match the certificate";

for (
  const [what, changed, entry, error, failed = changed] of [
    ["no configuration", WEB, MISSING, "missing: "],
    ["a denied one", WEB, DENIED, "denied: "],
    ["a FIFO", WEB, FIFO, "not_regular: it is a FIFO, socket or device"],
    ["one that is too large", WEB, TOO_LARGE, "too_large: 1048577 bytes are more than 1048576"],
    ["one that is no YAML", WEB, "{", "invalid YAML: "],
    ["an invalid key in it", WEB, CONFIG.replace("key_file: ../key.pem", "key: secret"), NO_KEY],
    [
      "a directory as certificate",
      WEB,
      CONFIG.replace("server.pem", "."),
      DIRECTORY,
      "/etc/exporter",
    ],
    ["no certificate", CERT, MISSING, "missing: "],
    ["a certificate that is a FIFO", CERT, FIFO, "not_regular: "],
    ["an empty certificate", CERT, "", NO_CERTIFICATE],
    ["a key as certificate", CERT, FIRST.key, NO_CERTIFICATE],
    ["another's certificate", CERT, SECOND.cert, OTHER_KEY, KEY],
    ["a wrong order", CERT, SECOND.cert + FIRST.cert, OTHER_KEY, KEY],
    ["no key", KEY, "", NO_KEY],
    ["a denied key", KEY, DENIED, "denied: "],
    ["a key as client CA", WEB, CONFIG.replace("}", `, ${CLIENT_CA}}`), NO_CA, KEY],
  ] as readonly (readonly [string, string, FakeEntry, string, string?])[]
) {
  Deno.test(`refused with its path: ${what}`, async () => {
    const outcome = await new Fixture({ [changed]: entry }).loader.read();
    assert(!outcome.ok);
    const { path, reason } = outcome.error;
    const found = error.endsWith(": ") ? reason.slice(0, error.length) : reason;
    assertEquals([path, found, reason.includes("\n")], [failed, error, false]);
  });
}

Deno.test("the last read stays current until a file changes or the maximum age is reached", async () => {
  for (const path of Object.keys(FILES)) {
    const { loader, tree, clock } = new Fixture();
    assertEquals(await loader.isCurrent(), false);
    await loader.read();
    assertEquals(await loader.isCurrent(), true);
    clock.pass(MAX_AGE - 1);
    assertEquals(await loader.isCurrent(), true);
    tree.entries.set(path, { ...fileState(1, START - 3_600_000), ino: 2 });
    assertEquals(await loader.isCurrent(), false);
  }
  const { loader, clock } = new Fixture();
  await loader.read();
  clock.pass(MAX_AGE);
  assertEquals(await loader.isCurrent(), false);
});

Deno.test("an invalid configuration is never current", async () => {
  const { loader } = new Fixture({ "/etc/key.pem": SECOND.key });
  assertEquals([(await loader.read()).ok, await loader.isCurrent()], [false, false]);
});

for (const path of Object.keys(FILES)) {
  Deno.test(`the files are settled ${SETTLING_TIME} ms after the last change of ${path}`, async () => {
    const files = new Fixture();
    const assertSettling = async (): Promise<void> => {
      for (
        const [passed, expected] of [[0, false], [SETTLING_TIME - 1, false], [1, true]] as const
      ) {
        files.clock.pass(passed);
        // Unsettled files are not current, however old their times are.
        assertEquals([await files.settlesNow(), await files.loader.isCurrent()], [
          expected,
          expected,
        ]);
      }
    };
    await assertSettling();
    files.clock.pass(1);
    assertEquals(await files.settlesNow(), true);
    // A change starts again, even if the times of the file do not show it.
    const entry = files.tree.entries.get(path);
    files.tree.entries.set(path, "");
    assertEquals(await files.settlesNow(), false);
    files.clock.pass(SETTLING_TIME - 1);
    files.tree.entries.set(path, entry ?? "");
    await assertSettling();
  });
}

Deno.test("a file that changed or disappeared after the read is not settled", async () => {
  for (const change of ["{}", MISSING]) {
    const files = new Fixture();
    await files.settlesNow();
    files.clock.pass(SETTLING_TIME);
    await files.loader.read();
    files.tree.entries.set("/etc/key.pem", change);
    assertEquals(await files.loader.isSettled(), false);
  }
});

Deno.test("a file that is missing for long enough is settled", async () => {
  const files = new Fixture({ "/etc/exporter/web.yml": MISSING });
  assertEquals(await files.settlesNow(), false);
  files.clock.pass(SETTLING_TIME);
  assertEquals(await files.settlesNow(), true);
});
