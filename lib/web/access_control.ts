import type { Clock } from "../clock.ts";
import type { WebSettings } from "../web_config/loader.ts";
import { type Handler, type HttpRequest, plainResponse } from "./http.ts";
import { type AuthResult, parseBasic, Passwords } from "./passwords.ts";
import { RateLimiter } from "./rate_limiter.ts";

/**
 * Applies a web configuration to a handler, in the order of exporter-toolkit: rate limit (429), headers,
 * authentication (401). It applies to every path.
 */
export function withAccessControl(
  handler: Handler,
  { settings, clock }: {
    /** The active settings. */
    readonly settings: () => Promise<Pick<WebSettings, "headers" | "users" | "rateLimit">>;
    readonly clock: Pick<Clock, "monotonic">;
  },
): Handler {
  const limiter = new RateLimiter(clock);
  const passwords = new Passwords();
  const authenticate = async (
    { headers }: HttpRequest,
    users: ReadonlyMap<string, string>,
  ): Promise<AuthResult> => {
    if (users.size === 0) return "accepted";
    const credentials = parseBasic(headers.get("authorization") ?? undefined);
    return credentials === null ? "refused" : await passwords.verify(credentials, users);
  };
  return async (request) => {
    const { headers, users, rateLimit } = await settings();
    if (!limiter.allows(rateLimit)) return plainResponse(429, "Too many requests");
    switch (await authenticate(request, users)) {
      case "accepted": {
        const response = await handler(request);
        for (const [name, value] of Object.entries(headers)) {
          if (!response.headers.has(name)) response.headers.set(name, value);
        }
        return response;
      }
      case "refused":
        return plainResponse(401, "Unauthorized", { ...headers, "www-authenticate": "Basic" });
      case "busy":
        return plainResponse(503, "Too many logins at a time", headers);
    }
  };
}
