import { isDeepStrictEqual } from "node:util";
import type { Log } from "../log.ts";
import { LogOnChange } from "../log_on_change.ts";
import { singleFlight } from "../single_flight.ts";
import type { WebConfigError, WebConfigLoader, WebSettings } from "./loader.ts";
import { logNotes } from "./note.ts";
import { Timeout } from "../files/timeout.ts";

/** How long a request waits for the files of the configuration, in milliseconds. */
const CHECK_TIMEOUT = 2_000;

type Loader = Pick<WebConfigLoader, "path" | "isCurrent" | "isSettled" | "read">;

/**
 * Keeps the active web configuration, the last one that could be used. Checks the files each time it is
 * asked for the settings.
 */
export class WebConfigReloader {
  readonly #loader: Loader;
  readonly #log: Log;
  readonly #onTls: (tls: NonNullable<WebSettings["tls"]>) => void;
  #settings: WebSettings;
  /** The file that cannot be used and the reason; empty while the active configuration is that of the files. */
  readonly #failure = new LogOnChange("");
  readonly #timeout = new Timeout<void>(CHECK_TIMEOUT);
  readonly #check = singleFlight(() => this.#checkInTime());

  /** `settings` are the ones that the loader has just read. `onTls` gets certificates when they change. */
  constructor(
    settings: WebSettings,
    { loader, log, onTls }: {
      readonly loader: Loader;
      readonly log: Log;
      readonly onTls: (tls: NonNullable<WebSettings["tls"]>) => void;
    },
  ) {
    this.#settings = settings;
    this.#loader = loader;
    this.#log = log;
    this.#onTls = onTls;
  }

  /** Whether the active configuration is the one in the files. */
  get lastReloadSucceeded(): boolean {
    return this.#failure.state === "";
  }

  /** The active settings. Overlapping calls share one check of the files. Never rejects. */
  async current(): Promise<WebSettings> {
    await this.#check();
    return this.#settings;
  }

  async #checkInTime(): Promise<void> {
    const checked = await this.#timeout.run(() => this.#reload());
    if (!checked.ok) this.#reject({ path: this.#loader.path, reason: checked.error });
  }

  async #reload(): Promise<void> {
    if (await this.#loader.isCurrent()) return;
    const read = await this.#loader.read();
    // Files that are still being written are decided on by a later check.
    if (!await this.#loader.isSettled()) return;
    if (!read.ok) return this.#reject(read.error);
    if (read.value.tls?.clientAuth === this.#settings.tls?.clientAuth) {
      return this.#apply(read.value);
    }
    const reason = "to enable or disable TLS, or to change client_auth_type, restart the exporter";
    this.#reject({ path: this.#loader.path, reason });
  }

  #reject({ path, reason }: WebConfigError): void {
    this.#failure.update(`${path}: ${reason}`, () => {
      const advice = "the previous configuration stays active";
      this.#log.error("cannot use the web configuration", { path, error: reason, advice });
    });
  }

  #apply(settings: WebSettings): void {
    const previous = this.#settings;
    if (this.lastReloadSucceeded && isDeepStrictEqual(settings, previous)) return;
    const { path } = this.#loader;
    this.#failure.update("", () => {});
    this.#settings = settings;
    if (settings.tls !== null && !isDeepStrictEqual(settings.tls, previous.tls)) {
      this.#onTls(settings.tls);
    }
    this.#log.info("web configuration reloaded", { path });
    if (!isDeepStrictEqual(settings.notes, previous.notes)) {
      logNotes(settings.notes, { path, log: this.#log });
    }
  }
}
