import type { Clock } from "../clock.ts";
import type { Log } from "../log.ts";
import type { Files } from "../files/files.ts";
import type { Result } from "../result.ts";
import { type WebConfigError, WebConfigLoader } from "../web_config/loader.ts";
import { logNotes } from "../web_config/note.ts";
import { withAccessControl } from "./access_control.ts";
import type { Handler } from "./http.ts";
import { WebConfigReloader } from "../web_config/reloader.ts";
import { ReloadableTlsServer } from "./tls_server.ts";

/**
 * How often the files are checked without a request, in milliseconds. With an expired certificate no request
 * arrives, so requests alone would never reload it.
 */
const CHECK_INTERVAL = 5_000;

/** Access control, TLS and reload of a web configuration. */
export interface WebSecurity {
  readonly withAccessControl: (handler: Handler) => Handler;
  /** Null for plain HTTP. */
  readonly tls: ReloadableTlsServer | null;
  /** Whether the active configuration is the one in the files. */
  readonly lastReloadSucceeded: () => boolean;
}

/** Reads a web configuration file, and reloads it when it changes. */
export async function openWebSecurity(
  path: string,
  { files, clock, log }: { readonly files: Files; readonly clock: Clock; readonly log: Log },
): Promise<Result<WebSecurity, WebConfigError>> {
  const loader = new WebConfigLoader(path, { files, clock });
  const read = await loader.read();
  if (!read.ok) return read;
  const { value: settings } = read;
  logNotes(settings.notes, { path, log });
  const tls = settings.tls === null ? null : new ReloadableTlsServer(settings.tls, { log, clock });
  const onTls = tls === null ? () => {} : tls.replace.bind(tls);
  const reloader = new WebConfigReloader(settings, { loader, log, onTls });
  setInterval(() => reloader.current(), CHECK_INTERVAL);
  const security: WebSecurity = {
    withAccessControl: (handler) =>
      withAccessControl(handler, { settings: () => reloader.current(), clock }),
    tls,
    lastReloadSucceeded: () => reloader.lastReloadSucceeded,
  };
  return { ok: true, value: security };
}
