import { Server as HttpServer } from "node:http";
import { Server as HttpsServer } from "node:https";

/**
 * Node closes connections with the server that it takes for idle, and those count whose answer was
 * handed over and is not sent yet: a slow reader would get half of it. The program closes its idle
 * connections itself, as it has to with Deno.
 */
export function keepAnswersWhole(): void {
  for (const { prototype } of [HttpServer, HttpsServer]) prototype.closeIdleConnections = () => {};
}
