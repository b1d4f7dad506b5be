import { ConfigError } from "./config_error.ts";
import type { TakeNote } from "./note.ts";
import { type Pem, pemAt } from "./pem.ts";
import { listAt, textAt, type YamlNode } from "./yaml_node.ts";

/** The values of client_auth_type, with the names of Go's crypto/tls. */
export const CLIENT_AUTH_TYPES = [
  "NoClientCert",
  "RequestClientCert",
  "RequireAnyClientCert",
  "VerifyClientCertIfGiven",
  "RequireAndVerifyClientCert",
] as const;

/** One of {@link CLIENT_AUTH_TYPES}. */
export type ClientAuthType = (typeof CLIENT_AUTH_TYPES)[number];

/** The client settings of tls_server_config, checked. */
export interface ClientConfig {
  /** Null if clients are not verified. */
  readonly clientCa: Pem | null;
  readonly clientAuth: ClientAuthType;
  /** The certificate of a client must have one of these names; null allows any. */
  readonly allowedSans: readonly string[] | null;
}

/** The client keys of tls_server_config. */
type Section = (
  key: "client_auth_type" | "client_ca" | "client_ca_file" | "client_allowed_sans",
) => YamlNode;

/** The former name of RequireAnyClientCert, which exporter-toolkit still accepts. */
const FORMER_NAMES: Readonly<Record<string, ClientAuthType>> = {
  RequireClientCert: "RequireAnyClientCert",
};

/** Reads the client settings. Throws {@link ConfigError}. */
export function clientConfigAt(section: Section, note: TakeNote): ClientConfig {
  const clientAuth = clientAuthAt(section("client_auth_type"));
  const clientCa = pemAt(section, "client_ca", note);
  const allowedSans = listAt(section("client_allowed_sans"));
  if (clientCa !== null && clientAuth === "NoClientCert") {
    throw new ConfigError(
      "tls_server_config has a client CA, but no client_auth_type that uses it",
    );
  }
  if (clientCa === null && clientAuth === "RequireAndVerifyClientCert") {
    throw new ConfigError(
      `client_auth_type ${clientAuth} needs a client_ca_file or client_ca: ` +
        "this exporter does not trust the authorities of the system",
    );
  }
  if (clientCa === null && clientAuth === "VerifyClientCertIfGiven") {
    const setting = "tls_server_config.client_auth_type";
    const effect = "without client_ca_file no certificate is accepted, only clients without one";
    note({ level: "info", setting, effect });
  }
  if (clientAuth === "NoClientCert" && allowedSans !== null && allowedSans.length > 0) {
    const setting = "tls_server_config.client_allowed_sans";
    note({ level: "warn", setting, effect: "none; client_auth_type asks for no certificate" });
  }
  return { clientAuth, clientCa, allowedSans };
}

function clientAuthAt(node: YamlNode): ClientAuthType {
  const text = textAt(node);
  if (text === "") return "NoClientCert";
  const known = CLIENT_AUTH_TYPES.find((type) => type === text);
  const found = known ?? (Object.hasOwn(FORMER_NAMES, text) ? FORMER_NAMES[text] : undefined);
  if (found !== undefined) return found;
  const names = CLIENT_AUTH_TYPES.join(", ");
  throw new ConfigError(`${node.name} must be one of ${names}, not ${JSON.stringify(text)}`);
}
