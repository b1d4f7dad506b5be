import { within } from "./wait.ts";

/** A message of the DevTools protocol: an answer, which has an id, or an event, which has a method. */
interface Message {
  readonly id?: number;
  readonly method?: string;
  readonly sessionId?: string;
  readonly params?: Readonly<Record<string, unknown>>;
  readonly result?: unknown;
  readonly error?: { readonly message: string };
}

/** What the browser tells unasked. */
export interface DevtoolsEvent {
  readonly method: string;
  readonly params: Readonly<Record<string, unknown>>;
}

/** A connection to a browser over the Chrome DevTools Protocol. */
export class Devtools implements Disposable {
  readonly #socket: WebSocket;
  readonly #waiting = new Map<number, (answer: Message) => void>();
  readonly #events = new Map<string, readonly DevtoolsEvent[]>();
  #sent = 0;

  constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.onmessage = ({ data }) => this.#take(JSON.parse(data));
    socket.onclose = () => {
      for (const answer of this.#waiting.values()) answer({ error: { message: "it hung up" } });
    };
  }

  /** Connects to the address that the browser printed. */
  static async connect(url: string): Promise<Devtools> {
    const socket = new WebSocket(url);
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    socket.onopen = () => resolve();
    socket.onerror = () => reject(new Error(`Cannot connect to ${url}`));
    await within("a connection to the browser", promise);
    return new Devtools(socket);
  }

  /** Sends a command to the browser, or to the page of a session, and gives its result. */
  async send<T>(
    method: string,
    options: {
      readonly params?: Readonly<Record<string, unknown>>;
      readonly sessionId?: string;
    } = {},
  ): Promise<T> {
    const id = ++this.#sent;
    const { promise, resolve, reject } = Promise.withResolvers<T>();
    this.#waiting.set(id, ({ result, error }) => {
      if (error === undefined) resolve(result as T);
      else reject(new Error(`The browser refused ${method}: ${error.message}`));
    });
    this.#socket.send(JSON.stringify({ id, method, ...options }));
    return await within(`an answer to ${method}`, promise);
  }

  /** What came from the page of a session until now, in order. */
  eventsOf(sessionId: string): readonly DevtoolsEvent[] {
    return this.#events.get(sessionId) ?? [];
  }

  #take(message: Message): void {
    const { id, method = "", sessionId = "", params = {} } = message;
    if (id === undefined) {
      this.#events.set(sessionId, [...this.eventsOf(sessionId), { method, params }]);
    } else {
      this.#waiting.get(id)?.(message);
      this.#waiting.delete(id);
    }
  }

  [Symbol.dispose](): void {
    this.#socket.close();
  }
}
