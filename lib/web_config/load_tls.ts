import type { Clock } from "../clock.ts";
import type { Files } from "../files/files.ts";
import type { Result } from "../result.ts";
import type { TlsMaterial, WebConfigError } from "./loader.ts";

/** Reads the TLS settings of a web configuration file; null for plain HTTP. Loads nothing without a path. */
export async function readTls(
  path: string,
  deps: { readonly files: Files; readonly clock: Clock },
): Promise<Result<TlsMaterial | null, WebConfigError>> {
  if (path === "") return { ok: true, value: null };
  const { WebConfigLoader } = await import("./loader.ts");
  const read = await new WebConfigLoader(path, deps).read();
  return read.ok ? { ok: true, value: read.value.tls } : read;
}
