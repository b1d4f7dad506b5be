import { assertEquals } from "./assert.ts";
import { Peer } from "./peer.ts";
import { tempDir } from "./temp_dir.ts";
import { until, within } from "./wait.ts";

/** Without a window, and without requests of the browser itself. */
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

/** A message of the Chrome DevTools Protocol: an answer, which has an id, or an event, which has a method. */
interface Message {
  readonly id?: number;
  readonly method: string;
  readonly params: Readonly<Record<string, unknown>>;
  readonly result?: unknown;
  readonly error?: unknown;
}

/** How a page is displayed. */
export interface View {
  /** CSS pixels; a phone below 600. */
  readonly width: number;
  readonly scheme: "light" | "dark";
}

/** A page that is loaded. Disposing it disconnects from it. */
export class Page implements Disposable {
  /** The events of the page until now, in order. */
  readonly events: Message[] = [];
  readonly #socket: WebSocket;
  readonly #waiting: ((answer: Message) => void)[] = [];

  constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.onmessage = ({ data }) => {
      const message: Message = JSON.parse(data);
      if (message.id === undefined) this.events.push(message);
      else this.#waiting[message.id]?.(message);
    };
  }

  /** Sends a command and gives its result. */
  async send<T>(method: string, params: Readonly<Record<string, unknown>> = {}): Promise<T> {
    const { promise, resolve } = Promise.withResolvers<Message>();
    const id = this.#waiting.push(resolve) - 1;
    this.#socket.send(JSON.stringify({ id, method, params }));
    const { result, error } = await within(`an answer to ${method}`, promise);
    assertEquals(error, undefined, method);
    return result as T;
  }

  /** The value of a JavaScript expression in the page. */
  async evaluate<T>(expression: string): Promise<T> {
    const parameters = { expression, returnByValue: true };
    const { result } = await this.send<{ result: { value: T } }>("Runtime.evaluate", parameters);
    return result.value;
  }

  /** The whole page as PNG. */
  async screenshot(): Promise<Uint8Array> {
    const parameters = { captureBeyondViewport: true };
    const { data } = await this.send<{ data: string }>("Page.captureScreenshot", parameters);
    return Uint8Array.fromBase64(data);
  }

  [Symbol.dispose](): void {
    this.#socket.close();
  }
}

/** Chromium. Disposing it ends it. */
export interface Browser extends AsyncDisposable {
  /** Opens a page and waits until it is loaded, with images and frames. */
  readonly open: (url: string, view: View) => Promise<Page>;
}

/** Starts Chromium with an empty profile. */
export async function startBrowser(): Promise<Browser> {
  await using made = new AsyncDisposableStack();
  const profile = made.use(await tempDir());
  const process = made.use(
    new Peer(["chromium", ...FLAGS, `--user-data-dir=${profile.join("profile")}`]),
  );
  const [, address = ""] = await process.printed(/DevTools listening on ws:\/\/([^/]+)\//);
  const resources = made.move();
  return {
    open: (url, view) => openPage(address, url, view),
    [Symbol.asyncDispose]: () => resources.disposeAsync(),
  };
}

async function openPage(address: string, url: string, { width, scheme }: View): Promise<Page> {
  const target = await fetch(`http://${address}/json/new?about:blank`, { method: "PUT" });
  const { webSocketDebuggerUrl } = await target.json();
  const socket = new WebSocket(webSocketDebuggerUrl);
  const page = new Page(socket);
  await within("a connection to the page", new Promise((resolve) => socket.onopen = resolve));
  const size = { width, height: 800, deviceScaleFactor: 1, mobile: false };
  await page.send("Emulation.setDeviceMetricsOverride", size);
  const features = [{ name: "prefers-color-scheme", value: scheme }];
  await page.send("Emulation.setEmulatedMedia", { features });
  for (const domain of ["Page", "Network", "Runtime", "Log", "Audits"]) {
    await page.send(`${domain}.enable`);
  }
  await page.send("Page.navigate", { url });
  await until(`${url} in the browser`, () => {
    const loaded = page.events.find(({ method }) => method === "Page.loadEventFired");
    return Promise.resolve(loaded ?? null);
  });
  return page;
}
