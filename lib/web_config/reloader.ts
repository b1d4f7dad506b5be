import { isDeepStrictEqual } from "node:util";
import type { Log } from "../log.ts";
import type { WebConfigLoader, WebSettings } from "./loader.ts";
import { logNotes } from "./note.ts";
import { Deadline } from "../files/deadline.ts";

/** How long a request waits for the files of the configuration, in milliseconds. */
const LOOK_TIMEOUT = 2_000;

type Source = Pick<WebConfigLoader, "path" | "isCurrent" | "isSettled" | "read">;

/** The web configuration in force: the last one that could be used, looked for again when it is asked for. */
export class WebConfigReloader {
  readonly #source: Source;
  readonly #log: Log;
  readonly #onTls: (tls: NonNullable<WebSettings["tls"]>) => void;
  #settings: WebSettings;
  #error = "";
  readonly #deadline = new Deadline<void>(LOOK_TIMEOUT);
  #looking: Promise<void> | null = null;

  /** `settings` are what the source gave just before; `onTls` gets certificates when they change. */
  constructor(
    settings: WebSettings,
    { source, log, onTls }: {
      readonly source: Source;
      readonly log: Log;
      readonly onTls: (tls: NonNullable<WebSettings["tls"]>) => void;
    },
  ) {
    this.#settings = settings;
    this.#source = source;
    this.#log = log;
    this.#onTls = onTls;
  }

  /** Whether the files can be used as they are. */
  get lastReloadSucceeded(): boolean {
    return this.#error === "";
  }

  /** The settings now. Those who ask at the same time share one look at the files. Never rejects. */
  async now(): Promise<WebSettings> {
    this.#looking ??= this.#lookInTime().finally(() => this.#looking = null);
    await this.#looking;
    return this.#settings;
  }

  async #lookInTime(): Promise<void> {
    const { path } = this.#source;
    try {
      const { inTime } = await this.#deadline.ask(() => this.#read());
      if (!inTime) this.#refuse({ path, error: `no answer in ${LOOK_TIMEOUT} ms` });
    } catch (error) {
      this.#refuse({ path, error: String(error) });
    }
  }

  async #read(): Promise<void> {
    if (await this.#source.isCurrent()) return;
    const outcome = await this.#source.read();
    // One of the next looks decides about files that are still being written.
    if (!await this.#source.isSettled()) return;
    if (!outcome.ok) return this.#refuse(outcome);
    if (outcome.settings.tls?.clientAuth === this.#settings.tls?.clientAuth) {
      return this.#take(outcome.settings);
    }
    const error = "TLS itself and client_auth_type can change at a restart only";
    this.#refuse({ path: this.#source.path, error });
  }

  #refuse({ path, error }: { readonly path: string; readonly error: string }): void {
    const what = `${path}: ${error}`;
    if (what === this.#error) return;
    this.#error = what;
    const advice = "what was in force before stays so";
    this.#log.error("cannot use the web configuration", { path, error, advice });
  }

  #take(settings: WebSettings): void {
    const before = this.#settings;
    const isSame = isDeepStrictEqual(settings, before);
    if (isSame && this.lastReloadSucceeded) return;
    this.#error = "";
    this.#settings = settings;
    if (settings.tls !== null && !isDeepStrictEqual(settings.tls, before.tls)) {
      this.#onTls(settings.tls);
    }
    const { path } = this.#source;
    this.#log.info("took up the web configuration", { path });
    if (!isDeepStrictEqual(settings.notes, before.notes)) {
      logNotes(settings.notes, { path, log: this.#log });
    }
  }
}
