import { hashSync } from "bcryptjs";
import { MAX_AGE, SETTLING_TIME } from "../../lib/files/file_version.ts";
import {
  MAX_CONFIG_SIZE,
  type WebConfigError,
  WebConfigLoader,
  type WebSettings,
} from "../../lib/web_config/loader.ts";
import type { Result } from "../../lib/result.ts";
import { assert, assertEquals, assertMatch } from "../support/assert.ts";
import { makeCertificate } from "../support/certificate.ts";
import { fileState } from "../support/fake_files.ts";
import { type FakeEntry, FakeTree } from "../support/fake_tree.ts";
import { START, TestClock } from "../support/fakes.ts";

const [FIRST, SECOND] = [makeCertificate(), makeCertificate()];

const CONFIG = "tls_server_config: {cert_file: server.pem, key_file: ../key.pem}";

const FILES = {
  "/etc/exporter/web.yml": CONFIG,
  "/etc/exporter/server.pem": FIRST.cert,
  "/etc/key.pem": FIRST.key,
};

interface Fixture {
  readonly loader: WebConfigLoader;
  readonly tree: FakeTree;
  readonly clock: TestClock;
}

/** A loader of the usual files, with these added or replaced. The files are an hour old. */
function fixture(files: Readonly<Record<string, FakeEntry>> = {}): Fixture {
  const tree = new FakeTree({ ...FILES, ...files });
  tree.modified = START - 3_600_000;
  const clock = new TestClock();
  const loader = new WebConfigLoader("/etc/exporter/web.yml", { files: tree, clock });
  return { loader, tree, clock };
}

async function read(
  files: Readonly<Record<string, FakeEntry>>,
): Promise<Result<WebSettings, WebConfigError>> {
  return await fixture(files).loader.read();
}

Deno.test("paths are relative to the configuration file", async () => {
  const outcome = await read({});
  assert(outcome.ok);
  assertEquals(outcome.value, {
    tls: {
      cert: FIRST.cert.trimEnd(),
      key: FIRST.key.trimEnd(),
      clientCa: null,
      clientAuth: "NoClientCert",
      allowedSans: null,
      minVersion: "TLSv1.2",
      maxVersion: "TLSv1.3",
    },
    headers: {},
    users: new Map(),
    rateLimit: null,
    notes: [],
  });
});

Deno.test("absolute paths, PEM in the configuration, chains and authorities are read", async () => {
  const tls = {
    cert: FIRST.cert + SECOND.cert,
    key_file: "/etc/key.pem",
    client_auth_type: "VerifyClientCertIfGiven",
    client_ca_file: "/ca.pem",
  };
  const outcome = await read({
    "/etc/exporter/web.yml": JSON.stringify({ tls_server_config: tls }),
    "/ca.pem": `${SECOND.cert}\n${FIRST.cert}`,
  });
  assert(outcome.ok);
  assertEquals(outcome.value.tls?.cert, (FIRST.cert + SECOND.cert).trimEnd());
  assertEquals(outcome.value.tls?.key, FIRST.key.trimEnd());
  assertEquals(outcome.value.tls?.clientCa, [SECOND.cert.trimEnd(), FIRST.cert.trimEnd()]);
});

Deno.test("one file can contain certificate and key", async () => {
  const both = FIRST.cert + FIRST.key;
  const config = "tls_server_config: {cert_file: both.pem, key_file: both.pem}";
  const outcome = await read({ "/etc/exporter/web.yml": config, "/etc/exporter/both.pem": both });
  assert(outcome.ok);
  assertEquals(outcome.value.tls?.key, FIRST.key.trimEnd());
});

const WITH_CA = "{cert_file: server.pem, key_file: /etc/key.pem, client_ca_file: ca.pem, " +
  "client_auth_type: RequireAndVerifyClientCert}";

const FIFO = { ...fileState(0, START), isFile: false };

for (
  const [what, files, path, error] of [
    ["no configuration", { "web.yml": new Deno.errors.NotFound("x") }, "web.yml", /^missing: /],
    ["a denied one", { "web.yml": new Deno.errors.PermissionDenied() }, "web.yml", /^denied: /],
    ["a FIFO", { "web.yml": FIFO }, "web.yml", /^not_regular: it is a FIFO, socket or device$/],
    [
      "one that is too large",
      { "web.yml": "#".repeat(MAX_CONFIG_SIZE + 1) },
      "web.yml",
      /^too_large: 1048577 bytes are more than 1048576$/,
    ],
    ["one that is no YAML", { "web.yml": "{" }, "web.yml", /^invalid YAML: [^\n]*$/],
    ["no certificate", { "server.pem": new Deno.errors.NotFound() }, "server.pem", /^missing: /],
    ["a certificate that is a FIFO", { "server.pem": FIFO }, "server.pem", /^not_regular: /],
    [
      "a directory instead of the file",
      { "web.yml": CONFIG.replace("server.pem", "."), "x": "" },
      "",
      /^not_regular: it is a directory$/,
    ],
    ["an empty one", { "server.pem": "" }, "server.pem", /^the file contains no certificate$/],
    [
      "a key instead of the certificate",
      { "server.pem": FIRST.key },
      "server.pem",
      /^the file contains no certificate$/,
    ],
    [
      "another's certificate",
      { "server.pem": SECOND.cert },
      "../key.pem",
      /^the key does not match/,
    ],
    [
      "the chain in the wrong order",
      { "server.pem": SECOND.cert + FIRST.cert },
      "../key.pem",
      /^the key does not match the certificate$/,
    ],
    [
      "no key",
      { "../key.pem": "" },
      "../key.pem",
      /^the file contains no unencrypted private key$/,
    ],
    [
      "a denied key",
      { "../key.pem": new Deno.errors.PermissionDenied() },
      "../key.pem",
      /^denied: /,
    ],
    [
      "an authority without certificate",
      { "web.yml": `tls_server_config: ${WITH_CA}`, "ca.pem": FIRST.key },
      "ca.pem",
      /^the file contains no client CA certificate$/,
    ],
    [
      "a key in the configuration that is none",
      { "web.yml": "tls_server_config: {cert_file: server.pem, key: secret}" },
      "web.yml",
      /^the file contains no unencrypted private key$/,
    ],
  ] as readonly (readonly [string, Readonly<Record<string, FakeEntry>>, string, RegExp])[]
) {
  Deno.test(`refused with its path: ${what}`, async () => {
    const absolute = (name: string): string =>
      new URL(name, "file:///etc/exporter/").pathname.replace(/\/$/, "");
    const outcome = await read(
      Object.fromEntries(Object.entries(files).map(([name, entry]) => [absolute(name), entry])),
    );
    assert(!outcome.ok);
    assertEquals(outcome.error.path, absolute(path));
    assertMatch(outcome.error.reason, error);
  });
}

Deno.test("a configuration of the maximum size is read", async () => {
  const users = `basic_auth_users: {alice: ${hashSync("x", 4)}}\n#`;
  const outcome = await read({ "/etc/exporter/web.yml": users.padEnd(MAX_CONFIG_SIZE, "x") });
  assert(outcome.ok);
  assertEquals([...outcome.value.users.keys()], ["alice"]);
});

Deno.test("the last read stays current until a file changes or the maximum age is reached", async () => {
  for (const path of Object.keys(FILES)) {
    const { loader, tree, clock } = fixture();
    assertEquals(await loader.isCurrent(), false);
    await loader.read();
    assertEquals(await loader.isCurrent(), true);
    clock.pass(MAX_AGE - 1);
    assertEquals(await loader.isCurrent(), true);
    tree.entries.set(path, { ...fileState(1, START - 3_600_000), ino: 2 });
    assertEquals(await loader.isCurrent(), false);
  }
  const { loader, clock } = fixture();
  await loader.read();
  clock.pass(MAX_AGE);
  assertEquals(await loader.isCurrent(), false);
});

Deno.test("an invalid configuration is never current", async () => {
  const { loader } = fixture({ "/etc/key.pem": SECOND.key });
  assertEquals([(await loader.read()).ok, await loader.isCurrent()], [false, false]);
});

/** Whether the files are settled after a read now. */
async function settlesNow({ loader }: Fixture): Promise<boolean> {
  await loader.read();
  return await loader.isSettled();
}

for (
  const [passed, expected] of [
    [0, false],
    [SETTLING_TIME - 1, false],
    [SETTLING_TIME, true],
    [SETTLING_TIME + 1, true],
  ] as const
) {
  Deno.test(`files that are unchanged for ${passed} ms: settled ${expected}`, async () => {
    for (const path of Object.keys(FILES)) {
      const files = fixture();
      const { tree, clock } = files;
      assertEquals(await settlesNow(files), false);
      clock.pass(passed);
      assertEquals(await settlesNow(files), expected);
      // A change of any file starts again, even if its times do not show it.
      const entry = tree.entries.get(path);
      tree.entries.set(path, "");
      assertEquals(await settlesNow(files), false);
      clock.pass(SETTLING_TIME - 1);
      tree.entries.set(path, entry ?? "");
      assertEquals(await settlesNow(files), false);
      clock.pass(SETTLING_TIME);
      assertEquals(await settlesNow(files), true);
    }
  });
}

Deno.test("a file that changed or disappeared after the read is not settled", async () => {
  for (const change of ["{}", new Deno.errors.NotFound()]) {
    const files = fixture();
    await settlesNow(files);
    files.clock.pass(SETTLING_TIME);
    await files.loader.read();
    files.tree.entries.set("/etc/key.pem", change);
    assertEquals(await files.loader.isSettled(), false);
  }
});

Deno.test("a file that is missing for long enough is settled", async () => {
  const files = fixture({ "/etc/exporter/web.yml": new Deno.errors.NotFound() });
  assertEquals(await settlesNow(files), false);
  files.clock.pass(SETTLING_TIME);
  assertEquals(await settlesNow(files), true);
});

Deno.test("unsettled files are not current, however old their times are", async () => {
  const files = fixture();
  assertEquals([await settlesNow(files), await files.loader.isCurrent()], [false, false]);
  files.clock.pass(SETTLING_TIME);
  assertEquals([await settlesNow(files), await files.loader.isCurrent()], [true, true]);
});
