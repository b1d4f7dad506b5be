import type { RequestListener, ServerOptions } from "node:http";
import { createServer, type Server } from "node:https";
import type { TLSSocket } from "node:tls";
import { isDeepStrictEqual } from "node:util";
import type { Log } from "../log.ts";
import type { TlsMaterial } from "../source_web_config.ts";
import { isSignedByOneOf } from "../web_config/key_pair.ts";
import { contextOf } from "../web_config/secure_context.ts";
import { subjectAltNames } from "../web_config/subject_alt_names.ts";

/** How long a client may take for its handshake, in milliseconds. */
const HANDSHAKE_TIMEOUT = 10_000;

/** Makes servers that speak TLS, and gives them other certificates while they listen. */
export class TlsDoor {
  readonly #log: Log;
  readonly #servers: Server[] = [];
  #material: TlsMaterial;
  #hadOtherAuthorities = false;

  constructor(material: TlsMaterial, log: Log) {
    this.#material = material;
    this.#log = log;
  }

  /**
   * A server that does not listen yet. A client that has to show a verified certificate is refused in the
   * handshake; what else a `client_auth_type` asks for is looked at right after it.
   */
  createServer(options: ServerOptions, listener: RequestListener): Server {
    const { clientAuth } = this.#material;
    const server = createServer({
      ...options,
      ...contextOf(this.#material),
      requestCert: clientAuth !== "NoClientCert",
      rejectUnauthorized: clientAuth === "RequireAndVerifyClientCert",
      handshakeTimeout: HANDSHAKE_TIMEOUT,
      // Without it the answer to a client that closed its half of the connection is lost.
      allowHalfOpen: true,
    }, listener);
    // Before the listener of the server itself, which would read a request.
    server.prependListener("secureConnection", (socket: TLSSocket) => {
      const reason = refusalOf(socket, this.#material) ?? this.#refusalOfSession(socket);
      if (reason === null) return;
      this.#log.debug("refused a client", { address: socket.remoteAddress, reason });
      socket.destroy();
    });
    server.on("tlsClientError", (error: Error, socket: TLSSocket) => {
      const properties = { address: socket.remoteAddress ?? "-", error: error.message };
      this.#log.debug("a TLS handshake failed", properties);
      socket.destroy();
    });
    this.#servers.push(server);
    return server;
  }

  /** Takes certificates and names for the handshakes from now on; the kind of `client_auth_type` stays. */
  replace(material: TlsMaterial): void {
    this.#hadOtherAuthorities ||= !isDeepStrictEqual(material.clientCa, this.#material.clientCa);
    this.#material = material;
    for (const server of this.#servers) server.setSecureContext(contextOf(material));
  }

  /**
   * Why a resumed session is not let in. The runtime keeps sessions when the authorities change, and takes
   * a client for verified that the authorities of then have verified.
   */
  #refusalOfSession(socket: TLSSocket): string | null {
    const { clientCa, clientAuth } = this.#material;
    const raw = socket.getPeerX509Certificate()?.raw;
    const isOld = this.#hadOtherAuthorities && socket.isSessionReused();
    if (!isOld || raw === undefined || !clientAuth.includes("Verify")) return null;
    return isSignedByOneOf(clientCa ?? [], raw) ? null : "its session is of another client CA";
  }
}

/** Why a client that shook hands is not let in; null where it is. */
export function refusalOf(
  socket: Pick<TLSSocket, "authorized" | "authorizationError" | "getPeerX509Certificate">,
  { clientAuth, allowedSans }: Pick<TlsMaterial, "clientAuth" | "allowedSans">,
): string | null {
  if (clientAuth === "NoClientCert" || clientAuth === "RequestClientCert") return null;
  const raw = socket.getPeerX509Certificate()?.raw;
  if (raw === undefined) {
    return clientAuth.startsWith("Require") ? "it showed no certificate" : null;
  }
  if (clientAuth.includes("Verify") && !socket.authorized) {
    return `its certificate is not valid: ${socket.authorizationError}`;
  }
  if (allowedSans === null) return null;
  const isAllowed = subjectAltNames(raw).some((name) => allowedSans.includes(name));
  return isAllowed ? null : "its certificate has no name that is allowed";
}
