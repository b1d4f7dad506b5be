// The commands and the configurations of docs/tls.md.
import { assert, assertEquals, assertStringIncludes } from "../support/assert.ts";
import { startExporter } from "../support/exporter.ts";
import { codeBlocks } from "../support/markdown.ts";
import { program, testNeeding } from "../support/needs.ts";
import { succeed } from "../support/succeed.ts";
import { fixture, tempDir } from "../support/temp_dir.ts";

const TEXT = await Deno.readTextFile("docs/tls.md");

/** The YAML of the document: the web configuration, and the configuration of Prometheus. */
const [WEB_CONFIG = "", SCRAPE_CONFIG = ""] = [...TEXT.matchAll(/^```yaml\n([^]*?)^```$/gm)]
  .map(([, text = ""]) => text);

/** The command of the document that begins with a word. */
function command(word: string): string {
  const line = codeBlocks(TEXT, "sh").find((line) => line.startsWith(`${word} `));
  assert(line !== undefined, word);
  return line;
}

testNeeding(
  ["openssl", "curl", "hostname"].map(program),
  "the commands to try TLS work",
  async () => {
    await using dir = await tempDir();
    await succeed("sh", "-c", `cd '${dir.join("")}' && ${command("openssl")} 2>&1`);
    const [, name = ""] = /--web\.config\.file=(\S+)/.exec(command("unix-user-exporter")) ?? [];
    await Deno.writeTextFile(dir.join(name), WEB_CONFIG);
    await using exporter = await startExporter([
      `--utmp-path=${fixture("x86_64.utmp").pathname}`,
      `--web.config.file=${dir.join(name)}`,
    ]);
    const scrape = command("curl").replace(":32142", `:${exporter.port}`);
    const text = await succeed("sh", "-c", `cd '${dir.join("")}' && ${scrape} --noproxy '*'`);
    assertStringIncludes(text, "\nunix_users_logged_in_total 3\n");
  },
);

testNeeding(
  ["promtool", "openssl"].map(program),
  "promtool accepts the configuration of Prometheus",
  async () => {
    await using dir = await tempDir();
    // promtool wants the files to exist.
    const here = SCRAPE_CONFIG.replaceAll("/etc/prometheus/", `${dir.join("")}/`);
    const paths = [...here.matchAll(/_file: (\S+)/g)].map(([, path = ""]) => path);
    assertEquals(paths.length, 2);
    const pem = await succeed(
      ...["openssl", "req", "-x509", "-newkey", "ed25519", "-nodes", "-subj", "/CN=a"],
      ...["-keyout", "/dev/null"],
    );
    for (const path of paths) await Deno.writeTextFile(path, pem);
    await Deno.writeTextFile(dir.join("prometheus.yml"), here);
    await succeed("promtool", "check", "config", dir.join("prometheus.yml"));
  },
);
