import { assertEquals } from "../support/assert.ts";
import { loadedModules } from "../support/modules.ts";

/** What a run with plain HTTP loads from elsewhere. Each has its row in CONTRIBUTING.md. */
const PACKAGES: readonly string[] = [
  "@logtape/logtape",
  "@std/async/pool",
  "@std/bytes/equals",
  "@std/cli/parse-args",
  "@std/http/negotiation",
  "prom-client/registry",
];

/** Modules that only some runs need, and that none of the others may import. */
const LATER: readonly string[] = [
  "lib/sources/dump.ts",
  "lib/web_config/load_tls.ts",
  "lib/web_config/loader.ts",
  "lib/web/connections.ts",
  "lib/web/access_control.ts",
  "lib/web/healthcheck.ts",
  "lib/web/html.ts",
  "lib/web_config/reloader.ts",
  "lib/web/node_server.ts",
  "lib/web/page.ts",
  "lib/web/passwords.ts",
  "lib/web/request_listener.ts",
  "lib/web/tls_server.ts",
  "lib/web/web_security.ts",
];

Deno.test("the program loads these packages at its start, and no node: module", async () => {
  const loaded = await loadedModules();
  assertEquals(loaded.filter((name) => !/^(lib\/|main\.ts$|deno\.json$)/.test(name)), PACKAGES);
  assertEquals(loaded.filter((name) => LATER.includes(name)), []);
});
