import type { RequestListener, ServerOptions } from "node:http";
import { createServer, type Server } from "node:https";
import type { Socket } from "node:net";
import type { TLSSocket } from "node:tls";
import { isDeepStrictEqual } from "node:util";
import type { Clock } from "../clock.ts";
import type { Log } from "../log.ts";
import type { TlsMaterial } from "../web_config/loader.ts";
import { isSignedByOneOf } from "../web_config/key_pair.ts";
import { contextOf } from "../web_config/secure_context.ts";
import { subjectAltNames } from "../web_config/subject_alt_names.ts";
import { answerPlainHttp } from "./plain_http.ts";
import { RefusalLog } from "./refusal_log.ts";

/** How long a client may take for its handshake, in milliseconds. */
const HANDSHAKE_TIMEOUT = 10_000;

/** Makes servers that speak TLS, and gives them other certificates while they listen. */
export class ReloadableTlsServer {
  readonly #log: Log;
  readonly #refusals: RefusalLog;
  readonly #servers: Server[] = [];
  /** The address of each client by the socket of its connection, which forgets it when it is closed. */
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
    answerPlainHttp(server, HANDSHAKE_TIMEOUT);
    server.prependListener("connection", (socket: Socket) => {
      // A listener for IPv6 and IPv4 shows IPv4 addresses mapped.
      const address = socket.remoteAddress?.replace(/^::ffff:(?=\d+\.)/, "");
      this.#addresses.set(socket, address ?? "-");
    });
    // Before the listener of the server itself, which would read a request.
    server.prependListener("secureConnection", (socket: TLSSocket) => {
      const reason = refusalOf(socket, this.#material) ?? this.#refusalOfSession(socket);
      if (reason === null) return;
      this.#refusals.note(this.#addressOf(socket), reason);
      socket.destroy();
    });
    server.on("tlsClientError", (error: Error, socket: TLSSocket) => {
      const reason = refusalIn(error, socket);
      const address = this.#addressOf(socket);
      if (reason === null) {
        this.#log.debug("a TLS handshake failed", { address, error: error.message });
      } else {
        this.#refusals.note(address, reason);
      }
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

  #addressOf(socket: TLSSocket): string {
    // The socket under that of TLS, as node:tls names it.
    const parent: unknown = Reflect.get(socket, "_parent");
    const known = typeof parent === "object" && parent !== null
      ? this.#addresses.get(parent)
      : null;
    return known ?? socket.remoteAddress ?? "-";
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

const NO_CERTIFICATE = "it showed no certificate";

/**
 * The codes of errors in certificates begin so, as node:tls lists them ("X509 certificate error codes"). The
 * last is what Node says of a client that cannot sign for its certificate.
 */
const CERTIFICATE_ERROR =
  /^(?:UNABLE_TO_|CERT_|DEPTH_ZERO_|SELF_SIGNED_|INVALID_|ERR_SSL_BAD_SIGNATURE$)/;

/** Why a client that did not finish its handshake was not let in; null where its certificate is not why. */
function refusalIn(error: Error, { authorizationError }: TLSSocket): string | null {
  const code = String(authorizationError || "code" in error && error.code);
  if (code === "ERR_SSL_PEER_DID_NOT_RETURN_A_CERTIFICATE") return NO_CERTIFICATE;
  return CERTIFICATE_ERROR.test(code) ? invalid(code) : null;
}

function invalid(code: unknown): string {
  return `its certificate is not valid: ${code}`;
}

/** Why a client that shook hands is not let in; null where it is. */
export function refusalOf(
  socket: Pick<TLSSocket, "authorized" | "authorizationError" | "getPeerX509Certificate">,
  { clientAuth, allowedSans }: Pick<TlsMaterial, "clientAuth" | "allowedSans">,
): string | null {
  if (clientAuth === "NoClientCert") return null;
  const raw = socket.getPeerX509Certificate()?.raw;
  if (raw === undefined) {
    // Who has no certificate has no name that is allowed either.
    return clientAuth.startsWith("Require") || allowedSans !== null ? NO_CERTIFICATE : null;
  }
  if (clientAuth.includes("Verify") && !socket.authorized) {
    return invalid(socket.authorizationError);
  }
  if (allowedSans === null) return null;
  const isAllowed = subjectAltNames(raw).some((name) => allowedSans.includes(name));
  return isAllowed ? null : "its certificate has no name that is allowed";
}
