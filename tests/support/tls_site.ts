import { type Authority, LOOPBACK, makeAuthority } from "./certificates.ts";
import { curl } from "./curl.ts";
import type { Exporter } from "./exporter.ts";
import { program, testNeeding } from "./needs.ts";
import type { RawAnswer } from "./raw_http.ts";
import { type TempDir, tempDir } from "./temp_dir.ts";
import { startWith, type WebConfigData } from "./web_config_file.ts";

/** A folder for one test, with an authority and a certificate of it for a server on the loopback. */
export interface TlsSite {
  readonly dir: TempDir;
  readonly ca: Authority;
  /** A configuration with the certificate and these settings of `tls_server_config`. */
  readonly config: (tls?: WebConfigData) => WebConfigData;
  /** Starts the exporter with such a configuration. */
  readonly start: (tls?: WebConfigData) => Promise<Exporter>;
  /** Scrapes over TLS with curl; null where the server refuses the connection. */
  readonly scrape: (exporter: Exporter, ...options: string[]) => Promise<RawAnswer | null>;
}

/** Registers a test with a {@link TlsSite}. */
export function testTls(name: string, fn: (site: TlsSite) => Promise<void>): void {
  testNeeding([program("openssl"), program("curl")], name, async () => {
    await using dir = await tempDir();
    const ca = await makeAuthority(dir);
    const { cert, key } = await ca.issue("server", { names: LOOPBACK, usage: "serverAuth" });
    const config = (tls: WebConfigData = {}): WebConfigData => ({
      tls_server_config: { cert_file: cert, key_file: key, ...tls },
    });
    await fn({
      dir,
      ca,
      config,
      start: (tls) => startWith(dir, config(tls)),
      scrape: ({ port }, ...options) =>
        curl(`https://localhost:${port}/metrics`, "--cacert", ca.cert, ...options),
    });
  });
}
