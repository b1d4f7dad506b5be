import { pemOf } from "./certificate.ts";
import { succeed } from "./succeed.ts";
import type { TempDir } from "./temp_dir.ts";

/** The paths of a certificate and of its key. */
export interface Pair {
  readonly cert: string;
  readonly key: string;
}

/** The contents of a certificate, as openssl writes them in a configuration file. */
export interface Claims {
  /** One name a line, as `DNS.1 = client.test`. */
  readonly names?: readonly string[];
  readonly usage?: "serverAuth" | "clientAuth";
  /** From now on; below 0 for an expired certificate. */
  readonly days?: number;
}

/** An authority made by openssl for one test. */
export interface Authority {
  /** The path of its certificate. */
  readonly cert: string;
  /** Makes a new key and a certificate for it, in files of this name. */
  readonly issue: (name: string, claims?: Claims) => Promise<Pair>;
}

const NEW_KEY = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"];

/** Names of a server on the loopback. */
export const LOOPBACK: readonly string[] = ["DNS.1 = localhost", "IP.1 = 127.0.0.1"];

function pairOf(dir: TempDir, name: string): Pair {
  return { cert: dir.join(`${name}.pem`), key: dir.join(`${name}.key`) };
}

/** Makes an authority in a folder, with files of this name. */
export async function makeAuthority(dir: TempDir, name = "ca"): Promise<Authority> {
  const { cert, key } = await selfSigned(dir, name, "CA:TRUE");
  const issue = async (
    name: string,
    { names = ["DNS.1 = client.test"], usage = "clientAuth", days = 2 }: Claims = {},
  ): Promise<Pair> => {
    const pair = pairOf(dir, name);
    const [request, config] = [dir.join(`${name}.csr`), dir.join(`${name}.cnf`)];
    await openssl("req", ...NEW_KEY, "-subj", `/CN=${name}`, "-keyout", pair.key, "-out", request);
    const lines = [`extendedKeyUsage = ${usage}`, "subjectAltName = @names", "[names]", ...names];
    await Deno.writeTextFile(config, lines.join("\n"));
    const signed = ["-CA", cert, "-CAkey", key, "-CAcreateserial", "-days", String(days)];
    const files = ["-in", request, "-out", pair.cert, "-extfile", config];
    await openssl("x509", "-req", ...signed, ...files);
    return pair;
  };
  return { cert, issue };
}

/** Makes a certificate that is signed with its own key. */
export async function selfSigned(
  dir: TempDir,
  name: string,
  constraints = "CA:FALSE",
): Promise<Pair> {
  const pair = pairOf(dir, name);
  const claims = ["-subj", `/CN=${name}`, "-addext", `basicConstraints=critical,${constraints}`];
  const names = ["-addext", "subjectAltName=DNS:client.test", "-days", "2"];
  const files = ["-keyout", pair.key, "-out", pair.cert];
  await openssl("req", "-x509", ...NEW_KEY, ...claims, ...names, ...files);
  return pair;
}

/** Runs openssl, which must succeed; gives its stdout. */
export function openssl(...words: readonly string[]): Promise<string> {
  return succeed("openssl", ...words);
}

/**
 * A certificate with a key whose public half belongs to it and whose private half does not: what somebody can
 * make who has only the certificate.
 */
export async function withoutKey(dir: TempDir, { cert, key }: Pair): Promise<Pair> {
  const [encoded, forged] = [dir.join("encoded.der"), dir.join("forged.pem")];
  await openssl("ec", "-in", key, "-outform", "DER", "-out", encoded);
  const bytes = await Deno.readFile(encoded);
  // The private number begins at the eighth byte (RFC 5915).
  bytes[20] = 1 ^ (bytes[20] ?? 0);
  await Deno.writeTextFile(forged, pemOf("EC PRIVATE KEY", bytes));
  return { cert, key: forged };
}
