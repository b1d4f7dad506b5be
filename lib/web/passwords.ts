import { compare } from "bcryptjs";
import { createHash } from "node:crypto";

/** The maximum number of cached passwords. */
export const MAX_VERIFIED = 100;

/** The maximum number of waiting passwords. A bcrypt hash of cost 10 takes about 65 ms. */
export const MAX_WAITING = 32;

/** The pause before each password, for other work, in milliseconds. */
const PAUSE = 10;

/** A user and a password as received. */
export interface Credentials {
  readonly user: string;
  readonly password: string;
}

/** `busy` if too many passwords wait. */
export type AuthResult = "accepted" | "refused" | "busy";

/**
 * Verifies passwords against bcrypt hashes, one at a time, because each one keeps a CPU busy. Caches correct
 * passwords, as a digest together with the hash. An unknown user takes as long as a wrong password.
 */
export class Passwords {
  readonly #compare: (password: string, hash: string) => Promise<boolean>;
  readonly #verified = new Set<string>();
  #waiting = 0;
  #turn: Promise<unknown> = Promise.resolve();

  /** `compareHash` returns whether a password matches a hash. */
  constructor(compareHash: (password: string, hash: string) => Promise<boolean> = compare) {
    this.#compare = compareHash;
  }

  /** Verifies credentials. `users` has bcrypt hashes by name, at least one. */
  async verify(
    { user, password }: Credentials,
    users: ReadonlyMap<string, string>,
  ): Promise<AuthResult> {
    const hash = users.get(user);
    const key = digest(user, hash ?? "", password);
    if (hash !== undefined && this.#verified.has(key)) return "accepted";
    if (this.#waiting >= MAX_WAITING) return "busy";
    const matches = await this.#inTurn(() =>
      this.#compare(password, hash ?? decoyFor(user, users))
    );
    if (!matches || hash === undefined) return "refused";
    const [oldest] = this.#verified;
    if (this.#verified.size >= MAX_VERIFIED && oldest !== undefined) this.#verified.delete(oldest);
    this.#verified.add(key);
    return "accepted";
  }

  async #inTurn(work: () => Promise<boolean>): Promise<boolean> {
    this.#waiting++;
    const turn = this.#turn.then(pause).then(work);
    this.#turn = turn.catch(() => {});
    try {
      return await turn;
    } finally {
      this.#waiting--;
    }
  }
}

/** Lets scrapes run between waiting passwords. */
function pause(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, PAUSE));
}

/** Reads an Authorization header of the Basic scheme (RFC 7617). Null for anything else. */
export function parseBasic(header: string | undefined): Credentials | null {
  const [, encoded] = /^basic +([\w+/]+={0,2}) *$/i.exec(header ?? "") ?? [];
  if (encoded === undefined) return null;
  try {
    const bytes = Uint8Array.from(atob(encoded), (character) => character.charCodeAt(0));
    const text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
    const colon = text.indexOf(":");
    if (colon === -1) return null;
    return { user: text.slice(0, colon), password: text.slice(colon + 1) };
  } catch {
    return null;
  }
}

/** A hash for an unknown user, always the same for a name, so that it takes as long as a known one. */
function decoyFor(user: string, users: ReadonlyMap<string, string>): string {
  const hashes = [...users.values()];
  return hashes[parseInt(digest(user).slice(0, 8), 16) % hashes.length] ?? "";
}

function digest(...texts: readonly string[]): string {
  return createHash("sha256").update(JSON.stringify(texts)).digest("hex");
}
