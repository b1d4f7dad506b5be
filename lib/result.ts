/** The value of an operation that can fail, or its error. An error of type string is one line for the user. */
export type Result<T, E = string> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly error: E };

/** The result of a check that succeeded, which gives no value. */
export const PASSED: Result<undefined, never> = { ok: true, value: undefined };
