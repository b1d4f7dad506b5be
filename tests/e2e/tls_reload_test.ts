import { hashSync } from "bcryptjs";
import { X509Certificate } from "node:crypto";
import { assert, assertEquals } from "../support/assert.ts";
import { LOOPBACK, makeAuthority, type Pair } from "../support/certificates.ts";
import { type Answer, get } from "../support/get.ts";
import { linesWith } from "../support/log_lines.ts";
import { program, testNeeding } from "../support/needs.ts";
import { valueOf } from "../support/samples.ts";
import { tempDir } from "../support/temp_dir.ts";
import { testTls } from "../support/tls_site.ts";
import { until } from "../support/wait.ts";
import { GOOD, startWith, writeWebConfig } from "../support/web_config_file.ts";

const NEEDS = [program("openssl")];

const SERVER = { names: LOOPBACK, usage: "serverAuth" } as const;

const [ALICE, BOB] = ["alice:Tr0ub4dor", "bob:c0rrect:horse"];
const [ALICE_HASH, BOB_HASH] = [hashSync("Tr0ub4dor", 4), hashSync("c0rrect:horse", 4)];

async function fingerprintOf({ cert }: Pair): Promise<string> {
  return new X509Certificate(await Deno.readTextFile(cert)).fingerprint256;
}

/** Scrapes as alice without a pause until it is aborted; gives the number of scrapes and the certificates. */
async function scrapeUntil(
  signal: AbortSignal,
  { port, ca }: { readonly port: number; readonly ca: string },
): Promise<{ readonly count: number; readonly fingerprints: ReadonlySet<string> }> {
  const fingerprints = new Set<string>();
  let count = 0;
  while (!signal.aborted) {
    const { status, fingerprint } = await get(`https://127.0.0.1:${port}/metrics`, {}, {
      ca,
      auth: ALICE,
    });
    assertEquals(status, 200);
    fingerprints.add(fingerprint);
    count++;
  }
  return { count, fingerprints };
}

testNeeding(NEEDS, "users, headers, certificates change without a dropped scrape", async () => {
  await using dir = await tempDir();
  const authority = await makeAuthority(dir);
  const [first, second] = [
    await authority.issue("first", SERVER),
    await authority.issue("second", SERVER),
  ];
  const served = { cert: dir.join("server.pem"), key: dir.join("server.key") };
  const put = async (part: "cert" | "key", pair: Pair): Promise<void> =>
    await Deno.copyFile(pair[part], served[part]);
  await put("cert", first);
  await put("key", first);
  const tls = { tls_server_config: { cert_file: "server.pem", key_file: "server.key" } };
  await using exporter = await startWith(dir, { ...tls, basic_auth_users: { alice: ALICE_HASH } });
  const ca = await Deno.readTextFile(authority.cert);
  const ask = (auth: string): Promise<Answer> =>
    get(`https://127.0.0.1:${exporter.port}/metrics`, {}, { ca, auth });
  const untilBobGets = (status: number): Promise<Answer> =>
    until(`${status} for bob`, async () => {
      const answer = await ask(BOB);
      return answer.status === status ? answer : null;
    });
  const untilReload = (value: number): Promise<Answer> =>
    until(`${GOOD} ${value}`, async () => {
      const answer = await ask(ALICE);
      return valueOf(answer.body, GOOD) === value ? answer : null;
    });
  const end = new AbortController();
  const scraping = scrapeUntil(end.signal, { port: exporter.port, ca });
  // A failure is thrown at the end of the test.
  scraping.catch(() => {});

  await untilBobGets(401);
  await writeWebConfig(dir, {
    ...tls,
    basic_auth_users: { alice: ALICE_HASH, bob: BOB_HASH },
    http_server_config: { headers: { "Strict-Transport-Security": "max-age=60" } },
  });
  assertEquals((await untilBobGets(200)).headers["strict-transport-security"], "max-age=60");
  await writeWebConfig(dir, { ...tls, basic_auth_users: { alice: ALICE_HASH } });
  assertEquals("strict-transport-security" in (await untilBobGets(401)).headers, false);

  // A certificate without its key is not used.
  await put("cert", second);
  assertEquals((await untilReload(0)).fingerprint, await fingerprintOf(first));
  await put("key", second);
  await untilReload(1);
  assertEquals((await ask(ALICE)).fingerprint, await fingerprintOf(second));

  end.abort();
  const { count, fingerprints } = await scraping;
  assert(count > 5, `${count} scrapes`);
  assertEquals([...fingerprints], [await fingerprintOf(first), await fingerprintOf(second)]);
  const { stderr } = await exporter.stop();
  assertEquals(linesWith(stderr, "web configuration reloaded").length, 3, stderr);
  assertEquals(linesWith(stderr, "cannot use the web configuration").length, 1, stderr);
  for (const secret of ["Tr0ub4dor", "c0rrect", ALICE_HASH, BOB_HASH, "PRIVATE KEY", btoa(ALICE)]) {
    assert(!stderr.includes(secret), stderr);
  }
});

testTls("a certificate is reloaded even if no client can connect", async ({ dir, ca, ...site }) => {
  const { cert, key } = await ca.issue("expired", { ...SERVER, days: -1 });
  await using exporter = await site.start({ cert_file: cert, key_file: key });
  const attempt = (): ReturnType<typeof site.scrape> => site.scrape(exporter).catch(() => null);
  assertEquals(await attempt(), null);
  await writeWebConfig(dir, site.config());
  assertEquals((await until("an answer", attempt)).status, 200);
});
