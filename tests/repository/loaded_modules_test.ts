import { assert, assertEquals } from "../support/assert.ts";
import { get } from "../support/get.ts";
import { Exporter } from "../support/exporter.ts";
import { run, V8_FLAGS } from "../support/program.ts";
import { fixture, tempDir } from "../support/temp_dir.ts";
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

/** The files of the bundle that are loaded at the start. */
async function filesAtStart(): Promise<ReadonlyMap<string, string>> {
  const texts = new Map<string, string>();
  const names = new Set(["unix-user-exporter.js"]);
  for (const name of names) {
    const text = await Deno.readTextFile(`dist/bundle/${name}`);
    texts.set(name, text);
    for (const [, next = ""] of text.matchAll(/(?:\bfrom|\bimport)"\.\/([\w-]+\.js)"/g)) {
      names.add(next);
    }
  }
  return texts;
}

Deno.test("a bundle that has only what is loaded at the start answers scrapes, and imports no node: module", async () => {
  const { code, stderr } = await run(["tools/bundle.sh"]);
  assertEquals(code, 0, stderr);
  await using dir = await tempDir();
  const files = await filesAtStart();
  for (const [name, text] of files) {
    await Deno.writeTextFile(dir.join(name), text);
    assertEquals([name, text.match(/\b(from|import|require)\(?"node:\w+"/g)], [name, null]);
  }
  assert(![...files.keys()].some((name) => name.startsWith("page-")), "the page is loaded later");
  const program = [Deno.execPath(), "run", "-q", "-P", "--no-prompt", `--v8-flags=${V8_FLAGS}`];
  await using exporter = new Exporter([
    ...[...program, "--config=dist/bundle/deno.json", dir.join("unix-user-exporter.js")],
    ...[`--utmp-path=${fixture("x86_64.utmp").pathname}`, "--web.listen-address=127.0.0.1:0"],
  ]);
  await exporter.line(/reading sessions/);
  const url = `http://127.0.0.1:${exporter.port}`;
  for (const accept of ["text/plain", "application/openmetrics-text"]) {
    for (const encoding of ["identity", "gzip"]) {
      const answer = await get(`${url}/metrics`, { accept, "accept-encoding": encoding });
      assertEquals([answer.status, answer.body.includes("\nunix_users_logged_in_total 3\n")], [
        200,
        true,
      ]);
    }
  }
  assertEquals((await get(`${url}/-/ready`)).status, 200);
  // What was left out is needed for the page.
  assertEquals((await get(`${url}/`)).status, 500);
  assertEquals((await exporter.stop()).code, 0);
});
