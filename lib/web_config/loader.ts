import { dirname, resolve } from "node:path";
import type { Clock } from "../clock.ts";
import {
  type FileVersion,
  isCurrent,
  isSameState,
  SETTLING_TIME,
  versionOf,
} from "../files/file_version.ts";
import { type Files, type FileState, readRegularFile, statRegularFile } from "../files/files.ts";
import { certificatesOf, checkKey, privateKeyOf } from "./key_pair.ts";
import { checkContext, type Pems } from "./secure_context.ts";
import type { Result } from "../result.ts";
import type { Note } from "./note.ts";
import type { Pem } from "./pem.ts";
import type { TlsConfig, TlsVersion } from "./tls_config.ts";
import { rulesOutTls12 } from "./cipher_suites.ts";
import { parseWebConfig, type WebConfig } from "./parse.ts";

/** The maximum size of a configuration, certificate or key file, in bytes. */
export const MAX_CONFIG_SIZE = 1024 * 1024;

/** Certificates, key and client settings of a TLS server. */
export type TlsMaterial = Pems & Pick<TlsConfig, "clientAuth" | "allowedSans">;

/** A web configuration with its certificates and keys. */
export interface WebSettings extends Pick<WebConfig, "headers" | "users" | "rateLimit" | "notes"> {
  readonly tls: TlsMaterial | null;
}

/** The file that cannot be used, and the reason in one sentence. */
export interface WebConfigError {
  readonly path: string;
  readonly reason: string;
}

/** The note if the cipher suites rule out TLS 1.2. */
const NARROWED: Note = {
  level: "info",
  setting: "tls_server_config.cipher_suites",
  effect: "only TLS 1.3; the list omits suites that TLS 1.2 always offers here",
};

/** The state of the files, and since when they have it, in monotonic milliseconds. */
interface Seen {
  readonly states: ReadonlyMap<string, FileState>;
  readonly since: number;
}

/** Thrown and caught in this file only. */
class UnusableFile extends Error {
  readonly path: string;

  constructor(path: string, message: string) {
    super(message);
    this.path = path;
  }
}

/** Reads a web configuration file with its certificates and keys, and detects changes of these files. */
export class WebConfigLoader {
  readonly path: string;
  readonly #files: Files;
  readonly #clock: Clock;
  #versions = new Map<string, FileVersion>();
  #isUsable = false;
  #seen: Seen | null = null;

  constructor(path: string, { files, clock }: { readonly files: Files; readonly clock: Clock }) {
    this.path = path;
    this.#files = files;
    this.#clock = clock;
  }

  /** Whether the last read succeeded and the files have not changed since. */
  async isCurrent(): Promise<boolean> {
    if (!this.#isUsable) return false;
    for (const [path, version] of this.#versions) {
      const found = await statRegularFile(this.#files, path, MAX_CONFIG_SIZE);
      if (!found.ok || !isCurrent(version, found.state, this.#clock)) return false;
    }
    return true;
  }

  /**
   * Whether the last read was complete: the files have not changed between an earlier call, at least
   * {@link SETTLING_TIME} ago, and this one. A file that is being written can be read in part, without the
   * users at its end, and ext4 shows it empty for a moment before its times change.
   */
  async isSettled(): Promise<boolean> {
    const isSettled = await this.#haveSettled();
    // Settings that are not applied yet must be read again.
    this.#isUsable &&= isSettled;
    return isSettled;
  }

  async #haveSettled(): Promise<boolean> {
    const seen = this.#seen;
    let isSame = seen?.states.size === this.#versions.size;
    for (const [path, { state }] of this.#versions) {
      const found = await statRegularFile(this.#files, path, MAX_CONFIG_SIZE);
      if (!found.ok || !isSameState(state, found.state)) {
        this.#seen = null;
        return false;
      }
      const earlier = seen?.states.get(path);
      isSame &&= earlier !== undefined && isSameState(earlier, state);
    }
    const now = this.#clock.monotonic();
    if (seen !== null && isSame) return now - seen.since >= SETTLING_TIME;
    const states = new Map([...this.#versions].map(([path, { state }]) => [path, state] as const));
    this.#seen = { states, since: now };
    return false;
  }

  /** Reads and checks all of it. */
  async read(): Promise<Result<WebSettings, WebConfigError>> {
    this.#versions = new Map();
    this.#isUsable = false;
    try {
      const parsed = parseWebConfig(await this.#text(this.path));
      if (!parsed.ok) throw new UnusableFile(this.path, parsed.error);
      const { tls, notes, ...config } = parsed.value;
      const material = tls === null ? null : await this.#material(tls);
      const isNarrowed = material !== null && material.minVersion !== tls?.minVersion;
      this.#isUsable = true;
      const value = { ...config, tls: material, notes: isNarrowed ? [...notes, NARROWED] : notes };
      return { ok: true, value };
    } catch (error) {
      if (!(error instanceof UnusableFile)) throw error;
      return { ok: false, error: { path: error.path, reason: error.message } };
    }
  }

  async #material(config: TlsConfig): Promise<TlsMaterial> {
    const { cert, key, clientCa, clientAuth, allowedSans, maxVersion } = config;
    const chain = certificatesOf(await this.#pem(cert));
    if (chain === null) {
      throw new UnusableFile(this.#fileOf(cert), "the file contains no certificate");
    }
    const keyText = privateKeyOf(await this.#pem(key));
    const pair = checkKey(keyText, chain);
    if (!pair.ok) throw new UnusableFile(this.#fileOf(key), pair.error);
    const authorities = clientCa === null ? [] : certificatesOf(await this.#pem(clientCa));
    if (clientCa !== null && authorities === null) {
      throw new UnusableFile(this.#fileOf(clientCa), "the file contains no client CA certificate");
    }
    const material = {
      ...{ clientAuth, allowedSans, maxVersion },
      cert: chain.join("\n"),
      key: keyText,
      // Without authorities the runtime would use its built-in ones.
      clientCa: clientAuth === "NoClientCert" ? null : authorities,
      minVersion: this.#minVersionFor(config, keyText),
    };
    const context = checkContext(material);
    if (!context.ok) throw new UnusableFile(this.#fileOf(cert), context.error);
    return material;
  }

  /** The oldest version that is offered with this key. The TLS library cannot restrict suites of TLS 1.2. */
  #minVersionFor({ cipherSuites, minVersion, maxVersion }: TlsConfig, key: string): TlsVersion {
    if (minVersion === "TLSv1.3" || !rulesOutTls12(cipherSuites, key)) return minVersion;
    if (maxVersion === "TLSv1.3") return "TLSv1.3";
    const error = "tls_server_config.cipher_suites omits suites that TLS 1.2 always offers here, " +
      "and max_version TLS12 rules out TLS 1.3";
    throw new UnusableFile(this.path, error);
  }

  async #pem(pem: Pem): Promise<string> {
    return pem.kind === "text" ? pem.text : await this.#text(this.#fileOf(pem));
  }

  /** The file that contains a PEM text. Paths are relative to the configuration file. */
  #fileOf(pem: Pem): string {
    return pem.kind === "text" ? this.path : resolve(dirname(this.path), pem.path);
  }

  async #text(path: string): Promise<string> {
    const found = await statRegularFile(this.#files, path, MAX_CONFIG_SIZE);
    if (!found.ok) throw new UnusableFile(path, `${found.reason}: ${found.error}`);
    this.#versions.set(path, versionOf(found.state, this.#clock));
    const read = await readRegularFile(this.#files, path, MAX_CONFIG_SIZE);
    if (!read.ok) throw new UnusableFile(path, `${read.reason}: ${read.error}`);
    return new TextDecoder().decode(read.bytes);
  }
}
