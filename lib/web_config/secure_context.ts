import { createSecureContext, type SecureContextOptions } from "node:tls";
import { OPENSSL_OFFER } from "./cipher_suites.ts";
import type { TlsConfig } from "./tls_config.ts";

/** Certificates and a key in PEM, and the versions of TLS that are offered with them. */
export interface Pems extends Pick<TlsConfig, "minVersion" | "maxVersion"> {
  readonly cert: string;
  readonly key: string;
  /** Certificates of authorities for clients; null where clients are not verified. */
  readonly clientCa: readonly string[] | null;
}

/** What the TLS library takes them as. */
export function contextOf(
  { cert, key, clientCa, minVersion, maxVersion }: Pems,
): SecureContextOptions {
  const ca = clientCa === null ? {} : { ca: [...clientCa] };
  return { ...OPENSSL_OFFER, cert, key, minVersion, maxVersion, ...ca };
}

/** Why the TLS library does not take them; null where it does. */
export function faultOfContext(pems: Pems): string | null {
  try {
    createSecureContext(contextOf(pems));
    return null;
  } catch (error) {
    return String(error);
  }
}
