import { ConfigError } from "./config_error.ts";
import { CIPHER_SUITES } from "./cipher_suites.ts";
import { type ClientConfig, clientConfigAt } from "./client_auth.ts";
import type { TakeNote } from "./note.ts";
import { type Pem, pemAt } from "./pem.ts";
import { booleanAt, isAbsent, listAt, sectionAt, textAt, type YamlNode } from "./yaml_node.ts";

/** The supported TLS versions. */
export type TlsVersion = "TLSv1.2" | "TLSv1.3";

/** The checked section tls_server_config. */
export interface TlsConfig extends ClientConfig {
  readonly cert: Pem;
  readonly key: Pem;
  readonly minVersion: TlsVersion;
  readonly maxVersion: TlsVersion;
  /** The allowed TLS 1.2 suites, from {@link CIPHER_SUITES}; empty allows all. */
  readonly cipherSuites: readonly string[];
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

type Section = (key: (typeof KEYS)[number]) => YamlNode;

/** The values of curve_preferences, and those that the TLS library (rustls) always offers. */
const CURVES: readonly string[] = ["CurveP256", "CurveP384", "CurveP521", "X25519"];
const OFFERED_CURVES: readonly string[] = ["CurveP256", "CurveP384", "X25519"];

/** The keys that enable TLS, as in exporter-toolkit. Without any of them HTTP is plain. */
const ENABLING = [
  "cert",
  "cert_file",
  "key",
  "key_file",
  "client_ca",
  "client_ca_file",
  "client_auth_type",
] as const;

/** The values of min_version and max_version; null for versions that the TLS library does not support. */
const VERSIONS: Readonly<Record<string, TlsVersion | null>> = {
  TLS10: null,
  TLS11: null,
  TLS12: "TLSv1.2",
  TLS13: "TLSv1.3",
};

/** Reads tls_server_config. Null if it does not enable TLS. Throws {@link ConfigError}. */
export function tlsConfigAt(node: YamlNode, note: TakeNote): TlsConfig | null {
  const section: Section = sectionAt(node, KEYS);
  const [least, greatest] = [section("min_version"), section("max_version")];
  const [wantedMin, wantedMax] = [versionAt(least, "TLSv1.2"), versionAt(greatest, "TLSv1.3")];
  const cipherSuites = namesAt(section("cipher_suites"), CIPHER_SUITES);
  const curves = namesAt(section("curve_preferences"), CURVES);
  if (booleanAt(section("prefer_server_cipher_suites")) === false) {
    const setting = "tls_server_config.prefer_server_cipher_suites";
    note({ level: "info", setting, effect: "none; the server's order is used, as in Go" });
  }
  if (ENABLING.every((key) => textAt(section(key)) === "")) {
    if (KEYS.some((key) => !isAbsent(section(key).value))) {
      const effect = "none; without cert_file and key_file the exporter serves plain HTTP";
      note({ level: "warn", setting: "tls_server_config", effect });
    }
    return null;
  }
  const cert = pemAt(section, "cert", note);
  if (cert === null) throw new ConfigError("tls_server_config has no cert_file and no cert");
  const key = pemAt(section, "key", note);
  if (key === null) throw new ConfigError("tls_server_config has no key_file and no key");
  if (wantedMin === null) {
    note({
      level: "info",
      setting: least.name,
      effect: "TLS 1.2 is the oldest version that is offered",
    });
  }
  if (wantedMax === null) {
    throw new ConfigError(
      `${greatest.name} must be TLS12 or TLS13; ${textAt(greatest)} is not offered`,
    );
  }
  const [minVersion, maxVersion] = [wantedMin ?? "TLSv1.2", wantedMax] as const;
  if (curves.length > 0 && OFFERED_CURVES.some((curve) => !curves.includes(curve))) {
    throw new ConfigError(
      "tls_server_config.curve_preferences omits one of the curves " +
        `that are always offered: ${OFFERED_CURVES.join(", ")}`,
    );
  }
  if (minVersion > maxVersion) {
    throw new ConfigError("tls_server_config.min_version is above max_version");
  }
  return { cert, key, minVersion, maxVersion, cipherSuites, ...clientConfigAt(section, note) };
}

/** A list of known names; empty if the key is absent. */
function namesAt(node: YamlNode, known: readonly string[]): readonly string[] {
  const names = listAt(node) ?? [];
  const unknown = names.find((name) => !known.includes(name));
  if (unknown === undefined) return names;
  throw new ConfigError(`${node.name} does not support ${JSON.stringify(unknown)}`);
}

/** A TLS version; null if the TLS library does not support it. */
function versionAt(node: YamlNode, defaultVersion: TlsVersion): TlsVersion | null {
  if (isAbsent(node.value)) return defaultVersion;
  const text = textAt(node);
  if (!Object.hasOwn(VERSIONS, text)) {
    throw new ConfigError(`${node.name} must be TLS12 or TLS13, not ${JSON.stringify(text)}`);
  }
  return VERSIONS[text] ?? null;
}
