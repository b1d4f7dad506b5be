import { createSecureContext, type SecureContextOptions } from "node:tls";
import { OPENSSL_OFFER } from "./cipher_suites.ts";
import { PASSED, type Result } from "../result.ts";
import type { TlsConfig } from "./tls_config.ts";

/** Certificates and a key as PEM, and the TLS versions that are offered. */
export interface Pems extends Pick<TlsConfig, "minVersion" | "maxVersion"> {
  readonly cert: string;
  readonly key: string;
  /** The certificates of client CAs; null if clients are not verified. */
  readonly clientCa: readonly string[] | null;
}

/** The options for the TLS library. */
export function contextOf(
  { cert, key, clientCa, minVersion, maxVersion }: Pems,
): SecureContextOptions {
  const ca = clientCa === null ? {} : { ca: [...clientCa] };
  return { ...OPENSSL_OFFER, cert, key, minVersion, maxVersion, ...ca };
}

/** Checks whether the TLS library accepts them. */
export function checkContext(pems: Pems): Result<undefined> {
  try {
    createSecureContext(contextOf(pems));
    return PASSED;
  } catch (error) {
    return { ok: false, error: String(error) };
  }
}
