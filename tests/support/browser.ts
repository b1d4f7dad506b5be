import { Devtools, type DevtoolsEvent } from "./devtools.ts";
import { Peer } from "./peer.ts";
import { type TempDir, tempDir } from "./temp_dir.ts";
import { until } from "./wait.ts";

/** Without a window, and without anything that the browser asks of others on its own account. */
const FLAGS: readonly string[] = [
  "--headless",
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--remote-debugging-port=0",
];

/** How a page is looked at. */
export interface View {
  /** CSS pixels; a phone below 600. */
  readonly width: number;
  readonly scheme: "light" | "dark";
}

/** A page that was loaded. Disposing it closes it. */
export interface Page extends AsyncDisposable {
  /** The value of a JavaScript expression in the page. */
  readonly evaluate: <T>(expression: string) => Promise<T>;
  /** What the browser told of the page until now, in order. */
  readonly events: () => readonly DevtoolsEvent[];
  /** The whole page as PNG. */
  readonly screenshot: () => Promise<Uint8Array>;
}

/** Debian's Chromium, driven over the DevTools protocol. Disposing it ends it. */
export class Browser implements AsyncDisposable {
  readonly #process: Peer;
  readonly #devtools: Devtools;
  readonly #profile: TempDir;

  private constructor(process: Peer, devtools: Devtools, profile: TempDir) {
    this.#process = process;
    this.#devtools = devtools;
    this.#profile = profile;
  }

  /** Starts it with an empty profile. */
  static async start(): Promise<Browser> {
    const profile = await tempDir();
    const process = new Peer(["chromium", ...FLAGS, `--user-data-dir=${profile.join("profile")}`]);
    try {
      const [, url = ""] = await process.printed(/DevTools listening on (ws:\S+)/);
      return new Browser(process, await Devtools.connect(url), profile);
    } catch (error) {
      await process[Symbol.asyncDispose]();
      throw error;
    }
  }

  /** Opens a page and waits until all of it is loaded. */
  async open(url: string, { width, scheme }: View): Promise<Page> {
    const devtools = this.#devtools;
    const { targetId } = await devtools.send<{ readonly targetId: string }>(
      "Target.createTarget",
      { params: { url: "about:blank" } },
    );
    const { sessionId } = await devtools.send<{ readonly sessionId: string }>(
      "Target.attachToTarget",
      { params: { targetId, flatten: true } },
    );
    const send = <T>(method: string, params: Readonly<Record<string, unknown>> = {}): Promise<T> =>
      devtools.send(method, { params, sessionId });
    const size = { width, height: 800, deviceScaleFactor: 1, mobile: false };
    await send("Emulation.setDeviceMetricsOverride", size);
    const features = [{ name: "prefers-color-scheme", value: scheme }];
    await send("Emulation.setEmulatedMedia", { features });
    for (const domain of ["Page", "Network", "Runtime", "Log", "Audits"]) {
      await send(`${domain}.enable`);
    }
    await send("Page.navigate", { url });
    await until(`${url} in the browser`, () => {
      const events = devtools.eventsOf(sessionId);
      return Promise.resolve(events.find(({ method }) => method === LOADED) ?? null);
    });
    return {
      evaluate: async <T>(expression: string): Promise<T> => {
        const { result } = await send<{ readonly result: { readonly value: T } }>(
          "Runtime.evaluate",
          { expression, returnByValue: true },
        );
        return result.value;
      },
      events: () => devtools.eventsOf(sessionId),
      screenshot: async () => {
        const { data } = await send<{ readonly data: string }>("Page.captureScreenshot", {
          captureBeyondViewport: true,
        });
        return Uint8Array.fromBase64(data);
      },
      [Symbol.asyncDispose]: () => devtools.send("Target.closeTarget", { params: { targetId } }),
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#devtools.send("Browser.close");
    await this.#process.ended();
    await this.#process[Symbol.asyncDispose]();
    this.#devtools[Symbol.dispose]();
    await this.#profile[Symbol.asyncDispose]();
  }
}

/** The event that ends loading, images and frames included. */
const LOADED = "Page.loadEventFired";
