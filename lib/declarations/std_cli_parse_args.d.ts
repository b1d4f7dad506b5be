/** The part of the options of `parseArgs` that is used here. */
export interface ParseOptions {
  readonly boolean?: readonly string[];
  readonly string?: readonly string[];
  readonly collect?: readonly string[];
  /** Called with each argument that is not named above; `false` leaves it out of the result. */
  readonly unknown?: (arg: string, key?: string, value?: unknown) => unknown;
}

/** Parsed arguments; a name with dots becomes nested objects. */
export interface Args {
  readonly _: readonly (string | number)[];
  readonly [name: string]: unknown;
}

export function parseArgs(args: readonly string[], options?: ParseOptions): Args;
