import { Server as HttpServer } from "node:http";
import { Server as HttpsServer } from "node:https";

/**
 * Stops Node from closing connections that it considers idle when a server closes. It would also close those
 * whose response is not completely sent, and a slow client would get half of it. The program closes idle
 * connections itself, as it does on Deno.
 */
export function keepAnswersWhole(): void {
  for (const { prototype } of [HttpServer, HttpsServer]) prototype.closeIdleConnections = () => {};
}
