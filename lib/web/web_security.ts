import type { Clock } from "../clock.ts";
import type { Log } from "../log.ts";
import type { Files } from "../files/files.ts";
import { type UnusableWebConfig, WebConfigLoader } from "../web_config/loader.ts";
import { logNotes } from "../web_config/note.ts";
import { withAccessControl } from "./access_control.ts";
import type { Handler } from "./http.ts";
import { WebConfigReloader } from "../web_config/reloader.ts";
import { ReloadableTlsServer } from "./tls_server.ts";

/**
 * How often the files are looked at without a request, in milliseconds: a certificate that ran out keeps
 * every request away.
 */
const LOOK_INTERVAL = 5_000;

/** What a web configuration puts in front of a handler. */
export interface WebSecurity {
  readonly withAccessControl: (handler: Handler) => Handler;
  /** Null for plain HTTP. */
  readonly tls: ReloadableTlsServer | null;
  /** Whether the configuration in force is the one in the file. */
  readonly lastReloadSucceeded: () => boolean;
}

/** The security, or why there is none. */
export type WebSecurityOutcome =
  | { readonly ok: true; readonly security: WebSecurity }
  | UnusableWebConfig;

/** Reads a web configuration file, and follows its changes from then on. */
export async function openWebSecurity(
  path: string,
  { files, clock, log }: { readonly files: Files; readonly clock: Clock; readonly log: Log },
): Promise<WebSecurityOutcome> {
  const source = new WebConfigLoader(path, { files, clock });
  const outcome = await source.read();
  if (!outcome.ok) return outcome;
  logNotes(outcome.settings.notes, { path, log });
  const tls = outcome.settings.tls === null
    ? null
    : new ReloadableTlsServer(outcome.settings.tls, { log, clock });
  const onTls = tls === null ? () => {} : tls.replace.bind(tls);
  const settings = new WebConfigReloader(outcome.settings, { source, log, onTls });
  setInterval(() => settings.now(), LOOK_INTERVAL);
  const security: WebSecurity = {
    withAccessControl: (handler) =>
      withAccessControl(handler, { settings: () => settings.now(), clock }),
    tls,
    lastReloadSucceeded: () => settings.lastReloadSucceeded,
  };
  return { ok: true, security };
}
