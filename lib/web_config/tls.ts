import { ConfigError } from "./config_error.ts";
import { listAt, type Place, sectionAt, textAt } from "./section.ts";

/** What a client has to show, by the names that exporter-toolkit took from Go's crypto/tls. */
export const CLIENT_AUTH_TYPES = [
  "NoClientCert",
  "RequestClientCert",
  "RequireAnyClientCert",
  "VerifyClientCertIfGiven",
  "RequireAndVerifyClientCert",
] as const;

/** One of {@link CLIENT_AUTH_TYPES}. */
export type ClientAuthType = (typeof CLIENT_AUTH_TYPES)[number];

/** The versions that can be offered, from the oldest. */
export type TlsVersion = "TLSv1.2" | "TLSv1.3";

/** PEM in the configuration itself, or in a file. */
export type Pem =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "file"; readonly path: string };

/** The section tls_server_config, checked. */
export interface TlsConfig {
  readonly cert: Pem;
  readonly key: Pem;
  /** Null where clients are not verified. */
  readonly clientCa: Pem | null;
  readonly clientAuth: ClientAuthType;
  /** Names of which the certificate of a client has to hold one; null where any will do. */
  readonly allowedSans: readonly string[] | null;
  readonly minVersion: TlsVersion;
  readonly maxVersion: TlsVersion;
}

const KEYS = [
  "cert",
  "cert_file",
  "key",
  "key_file",
  "client_ca",
  "client_ca_file",
  "client_auth_type",
  "client_allowed_sans",
  "min_version",
  "max_version",
  "cipher_suites",
  "curve_preferences",
  "prefer_server_cipher_suites",
] as const;

type Section = (key: (typeof KEYS)[number]) => Place;

/** Known keys that nothing here can obey. */
const WITHOUT_EFFECT = [
  "cipher_suites",
  "curve_preferences",
  "prefer_server_cipher_suites",
] as const;

/** What min_version and max_version take; null for what the TLS library has no more. */
const VERSIONS: Readonly<Record<string, TlsVersion | null>> = {
  TLS10: null,
  TLS11: null,
  TLS12: "TLSv1.2",
  TLS13: "TLSv1.3",
};

/** The old name of RequireAnyClientCert, which exporter-toolkit still takes. */
const FORMER_NAMES: Readonly<Record<string, ClientAuthType>> = {
  RequireClientCert: "RequireAnyClientCert",
};

/** Reads tls_server_config. Null where it is absent or empty. Throws {@link ConfigError}. */
export function tlsConfigAt(place: Place): TlsConfig | null {
  const section: Section = sectionAt(place, KEYS);
  if (KEYS.every((key) => section(key).value === undefined)) return null;
  for (const key of WITHOUT_EFFECT) {
    const { name, value } = section(key);
    if (value !== undefined) {
      throw new ConfigError(`${name} has no effect in this exporter, so it must not be given`);
    }
  }
  const cert = pemAt(section, "cert");
  if (cert === null) throw new ConfigError("tls_server_config has no cert_file and no cert");
  const key = pemAt(section, "key");
  if (key === null) throw new ConfigError("tls_server_config has no key_file and no key");
  const minVersion = versionAt(section("min_version"), "TLSv1.2");
  const maxVersion = versionAt(section("max_version"), "TLSv1.3");
  if (minVersion > maxVersion) {
    throw new ConfigError("tls_server_config.min_version is above max_version");
  }
  return { cert, key, minVersion, maxVersion, ...clientsAt(section) };
}

function clientsAt(
  section: Section,
): Pick<TlsConfig, "clientAuth" | "clientCa" | "allowedSans"> {
  const clientAuth = clientAuthAt(section("client_auth_type"));
  const clientCa = pemAt(section, "client_ca");
  const allowedSans = listAt(section("client_allowed_sans"));
  if (clientCa !== null && clientAuth === "NoClientCert") {
    throw new ConfigError("tls_server_config has a client CA and no client_auth_type that uses it");
  }
  if (clientCa === null && clientAuth.includes("Verify")) {
    throw new ConfigError(`client_auth_type ${clientAuth} needs a client_ca_file or client_ca`);
  }
  if (allowedSans !== null && !clientAuth.startsWith("Require")) {
    throw new ConfigError(
      "client_allowed_sans needs the client_auth_type RequireAnyClientCert or " +
        "RequireAndVerifyClientCert",
    );
  }
  return { clientAuth, clientCa, allowedSans };
}

function pemAt(section: Section, key: "cert" | "key" | "client_ca"): Pem | null {
  const text = textAt(section(key));
  const path = textAt(section(`${key}_file`));
  if (text !== "" && path !== "") {
    throw new ConfigError(`tls_server_config has both ${key} and ${key}_file`);
  }
  if (path !== "") return { kind: "file", path };
  return text === "" ? null : { kind: "text", text };
}

function versionAt(place: Place, fallback: TlsVersion): TlsVersion {
  const text = textAt(place);
  if (text === "") return fallback;
  if (!Object.hasOwn(VERSIONS, text)) {
    throw new ConfigError(`${place.name} takes TLS12 or TLS13, not ${JSON.stringify(text)}`);
  }
  const version = VERSIONS[text] ?? null;
  if (version === null) {
    throw new ConfigError(`${place.name} takes TLS12 or TLS13; ${text} is not offered`);
  }
  return version;
}

function clientAuthAt(place: Place): ClientAuthType {
  const text = textAt(place);
  if (text === "") return "NoClientCert";
  const known = CLIENT_AUTH_TYPES.find((type) => type === text);
  const found = known ?? (Object.hasOwn(FORMER_NAMES, text) ? FORMER_NAMES[text] : undefined);
  if (found !== undefined) return found;
  const names = CLIENT_AUTH_TYPES.join(", ");
  throw new ConfigError(`${place.name} takes ${names}, not ${JSON.stringify(text)}`);
}
