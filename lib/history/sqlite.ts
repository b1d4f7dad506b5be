import type { DatabaseSync } from "node:sqlite";

/** The part of `node:sqlite` that the program uses. */
export type Sqlite = { readonly DatabaseSync: typeof DatabaseSync };

let loaded: Promise<Sqlite | null> | null = null;

/**
 * Loads `node:sqlite`. Null if this runtime has none that opens databases read-only: Deno has one since 2.2, Node
 * since 22.13, where each is recognized by the method `function`.
 */
export function loadSqlite(): Promise<Sqlite | null> {
  return loaded ??= load();
}

async function load(): Promise<Sqlite | null> {
  try {
    const { DatabaseSync } = await import("node:sqlite");
    const probe = new DatabaseSync(":memory:");
    const isComplete = "function" in probe;
    probe.close();
    return isComplete ? { DatabaseSync } : null;
  } catch {
    return null;
  }
}
