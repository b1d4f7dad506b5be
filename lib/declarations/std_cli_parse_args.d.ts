/** The part of the options of `parseArgs` that is used here. */
export interface ParseOptions {
  readonly string?: readonly string[];
  readonly collect?: readonly string[];
}

/** Parsed arguments; a name with dots becomes nested objects. */
export type Args = Readonly<Record<string, unknown>>;

export function parseArgs(args: readonly string[], options?: ParseOptions): Args;
