import type { Clock } from "../clock.ts";
import type { Files } from "../files/files.ts";
import type { TlsMaterial, UnusableWebConfig } from "./loader.ts";

/** TLS as it was read, null for plain HTTP; or the file that cannot be used. */
export type TlsOutcome =
  | { readonly ok: true; readonly tls: TlsMaterial | null }
  | UnusableWebConfig;

/** Reads the TLS of a web configuration file. Without a path there is none, and nothing is loaded for it. */
export async function readTls(
  path: string,
  deps: { readonly files: Files; readonly clock: Clock },
): Promise<TlsOutcome> {
  if (path === "") return { ok: true, tls: null };
  const { WebConfigLoader } = await import("./loader.ts");
  const outcome = await new WebConfigLoader(path, deps).read();
  return outcome.ok ? { ok: true, tls: outcome.settings.tls } : outcome;
}
