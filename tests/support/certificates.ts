import { succeed } from "./succeed.ts";
import type { TempDir } from "./temp_dir.ts";

/** The paths of a certificate and of its key. */
export interface Pair {
  readonly cert: string;
  readonly key: string;
}

/** What a certificate says, as openssl writes it in a configuration file. */
export interface Claims {
  /** One name a line, as `DNS.1 = client.test`. */
  readonly names?: readonly string[];
  readonly usage?: "serverAuth" | "clientAuth";
  /** From now on; below 0 for a certificate that ran out. */
  readonly days?: number;
}

/** An authority made by openssl for one test. */
export interface Authority {
  /** The path of its certificate. */
  readonly cert: string;
  /** A new key and a certificate for it, in files of this name. */
  readonly issue: (name: string, claims?: Claims) => Promise<Pair>;
}

const NEW_KEY = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"];

/** Names of a server on the loopback. */
export const LOOPBACK: readonly string[] = ["DNS.1 = localhost", "IP.1 = 127.0.0.1"];

/** Makes an authority in a folder, with files of this name. */
export async function makeAuthority(dir: TempDir, name = "ca"): Promise<Authority> {
  const { cert, key } = await selfSigned(dir, name, "CA:TRUE");
  const issue = async (
    name: string,
    { names = ["DNS.1 = client.test"], usage = "clientAuth", days = 2 }: Claims = {},
  ): Promise<Pair> => {
    const pair = { cert: dir.join(`${name}.pem`), key: dir.join(`${name}.key`) };
    const [request, extensions] = [dir.join(`${name}.csr`), dir.join(`${name}.cnf`)];
    await openssl("req", ...NEW_KEY, "-subj", `/CN=${name}`, "-keyout", pair.key, "-out", request);
    await Deno.writeTextFile(
      extensions,
      [`extendedKeyUsage = ${usage}`, "subjectAltName = @names", "[names]", ...names].join("\n"),
    );
    const signed = ["-CA", cert, "-CAkey", key, "-CAcreateserial", "-days", String(days)];
    const files = ["-in", request, "-out", pair.cert, "-extfile", extensions];
    await openssl("x509", "-req", ...signed, ...files);
    return pair;
  };
  return { cert, issue };
}

/** Makes a certificate that nobody else signed. */
export async function selfSigned(
  dir: TempDir,
  name: string,
  constraints = "CA:FALSE",
): Promise<Pair> {
  const pair = { cert: dir.join(`${name}.pem`), key: dir.join(`${name}.key`) };
  const claims = ["-subj", `/CN=${name}`, "-addext", `basicConstraints=critical,${constraints}`];
  const names = ["-addext", "subjectAltName=DNS:client.test", "-days", "2"];
  const files = ["-keyout", pair.key, "-out", pair.cert];
  await openssl("req", "-x509", ...NEW_KEY, ...claims, ...names, ...files);
  return pair;
}

/** Runs openssl, which must succeed; gives its stdout. */
export async function openssl(...words: readonly string[]): Promise<string> {
  return await succeed("openssl", ...words);
}

/**
 * A certificate with a key that claims to belong to it and does not, as one has it who saw only the
 * certificate: the public half of the key is right, the private half is not.
 */
export async function withoutKey(dir: TempDir, { cert, key }: Pair): Promise<Pair> {
  const [encoded, forged] = [dir.join("encoded.der"), dir.join("forged.pem")];
  await openssl("ec", "-in", key, "-outform", "DER", "-out", encoded);
  const bytes = await Deno.readFile(encoded);
  // The private number begins at the eighth byte (RFC 5915).
  bytes[20] = 1 ^ (bytes[20] ?? 0);
  const body = bytes.toBase64().replaceAll(/.{64}/g, "$&\n").trimEnd();
  const label = "EC PRIVATE KEY";
  await Deno.writeTextFile(forged, `-----BEGIN ${label}-----\n${body}\n-----END ${label}-----\n`);
  return { cert, key: forged };
}
