import type { RequestListener, ServerOptions } from "node:http";
import { createServer, type Server } from "node:https";
import type { Socket } from "node:net";
import type { TLSSocket } from "node:tls";
import { isDeepStrictEqual } from "node:util";
import type { Clock } from "../clock.ts";
import type { Log } from "../log.ts";
import { PASSED, type Result } from "../result.ts";
import type { TlsMaterial } from "../web_config/loader.ts";
import { isSignedByOneOf } from "../web_config/key_pair.ts";
import { contextOf } from "../web_config/secure_context.ts";
import { subjectAltNames } from "../web_config/subject_alt_names.ts";
import { answerPlainHttp } from "./plain_http.ts";
import { RefusalLog } from "./refusal_log.ts";

/** The timeout of a handshake, in milliseconds. */
const HANDSHAKE_TIMEOUT = 10_000;

/** Creates TLS servers, and reloads their certificates while they listen. */
export class ReloadableTlsServer {
  readonly #log: Log;
  readonly #refusals: RefusalLog;
  readonly #servers: Server[] = [];
  /** The address of each client by its TCP socket. A closed socket has none. */
  readonly #addresses = new WeakMap<object, string>();
  #material: TlsMaterial;
  #hadOtherAuthorities = false;

  constructor(
    material: TlsMaterial,
    { log, clock }: { readonly log: Log; readonly clock: Pick<Clock, "monotonic"> },
  ) {
    this.#material = material;
    this.#log = log;
    this.#refusals = new RefusalLog(log, clock);
  }

  /**
   * Creates a server that does not listen yet. With `RequireAndVerifyClientCert`, clients are refused in the
   * handshake; for other values of `client_auth_type`, right after it.
   */
  createServer(options: ServerOptions, listener: RequestListener): Server {
    const { clientAuth } = this.#material;
    const server = createServer({
      ...options,
      ...contextOf(this.#material),
      requestCert: clientAuth !== "NoClientCert",
      rejectUnauthorized: clientAuth === "RequireAndVerifyClientCert",
      handshakeTimeout: HANDSHAKE_TIMEOUT,
      // Otherwise a client that closed its half of the connection would get no response.
      allowHalfOpen: true,
    }, listener);
    answerPlainHttp(server, HANDSHAKE_TIMEOUT);
    server.prependListener("connection", (socket: Socket) => {
      // A listener for IPv6 and IPv4 has IPv4-mapped addresses.
      const address = socket.remoteAddress?.replace(/^::ffff:(?=\d+\.)/, "");
      this.#addresses.set(socket, address ?? "-");
    });
    // Before the listener of the server, which would read a request.
    server.prependListener("secureConnection", (socket: TLSSocket) => {
      const client = checkClient(socket, this.#material);
      const checked = client.ok ? this.#checkSession(socket) : client;
      if (checked.ok) return;
      this.#refusals.note(this.#addressOf(socket), checked.error);
      socket.destroy();
    });
    server.on("tlsClientError", (error: Error, socket: TLSSocket) => {
      const reason = refusalIn(error, socket);
      const address = this.#addressOf(socket);
      if (reason === null) {
        this.#log.debug("TLS handshake failed", { address, error: error.message });
      } else {
        this.#refusals.note(address, reason);
      }
      socket.destroy();
    });
    this.#servers.push(server);
    return server;
  }

  /** Replaces certificates and allowed names for new handshakes. `client_auth_type` cannot change. */
  replace(material: TlsMaterial): void {
    this.#hadOtherAuthorities ||= !isDeepStrictEqual(material.clientCa, this.#material.clientCa);
    this.#material = material;
    for (const server of this.#servers) server.setSecureContext(contextOf(material));
  }

  #addressOf(socket: TLSSocket): string {
    // The TCP socket of the TLS socket, an undocumented property of node:tls.
    const parent: unknown = Reflect.get(socket, "_parent");
    const known = typeof parent === "object" && parent !== null
      ? this.#addresses.get(parent)
      : null;
    return known ?? socket.remoteAddress ?? "-";
  }

  /**
   * Checks a resumed TLS session. The runtime keeps sessions when the authorities change, so a session may
   * have been verified by previous authorities.
   */
  #checkSession(socket: TLSSocket): Result<undefined> {
    const { clientCa, clientAuth } = this.#material;
    const raw = socket.getPeerX509Certificate()?.raw;
    const isOld = this.#hadOtherAuthorities && socket.isSessionReused();
    if (!isOld || raw === undefined || !clientAuth.includes("Verify")) return PASSED;
    return isSignedByOneOf(clientCa ?? [], raw)
      ? PASSED
      : { ok: false, error: "TLS session verified by a previous client CA" };
  }
}

const NO_CERTIFICATE = "no certificate";

/**
 * The prefixes of the error codes for certificates, from "X509 certificate error codes" of node:tls. The last
 * two are the codes of Node 20 and of Node 22 for a client that cannot sign with its certificate.
 */
const CERTIFICATE_ERROR =
  /^(?:UNABLE_TO_|CERT_|DEPTH_ZERO_|SELF_SIGNED_|INVALID_|ERR_SSL_(?:BAD_SIGNATURE|PROVIDER_SIGNATURE_FAILURE)$)/;

/** Why the handshake of a client failed; null if its certificate is not the reason. */
function refusalIn(error: Error, { authorizationError }: TLSSocket): string | null {
  const code = String(authorizationError || "code" in error && error.code);
  if (code === "ERR_SSL_PEER_DID_NOT_RETURN_A_CERTIFICATE") return NO_CERTIFICATE;
  return CERTIFICATE_ERROR.test(code) ? invalid(code) : null;
}

function invalid(code: unknown): string {
  return `invalid certificate: ${code}`;
}

/** Checks a client after the handshake. */
export function checkClient(
  socket: Pick<TLSSocket, "authorized" | "authorizationError" | "getPeerX509Certificate">,
  { clientAuth, allowedSans }: Pick<TlsMaterial, "clientAuth" | "allowedSans">,
): Result<undefined> {
  const refused = (error: string): Result<undefined> => ({ ok: false, error });
  if (clientAuth === "NoClientCert") return PASSED;
  const raw = socket.getPeerX509Certificate()?.raw;
  if (raw === undefined) {
    // A client without a certificate has no allowed name either.
    return clientAuth.startsWith("Require") || allowedSans !== null
      ? refused(NO_CERTIFICATE)
      : PASSED;
  }
  if (clientAuth.includes("Verify") && !socket.authorized) {
    return refused(invalid(socket.authorizationError));
  }
  if (allowedSans === null) return PASSED;
  const isAllowed = subjectAltNames(raw).some((name) => allowedSans.includes(name));
  return isAllowed ? PASSED : refused("no allowed name in the certificate");
}
