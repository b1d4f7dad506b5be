/** The best of the types for the request's Accept; undefined when none of them will do. */
export function accepts(
  request: { readonly headers: Headers },
  ...types: readonly string[]
): string | undefined;

/** The best of the encodings for the request's Accept-Encoding; undefined when none of them will do. */
export function acceptsEncodings(
  request: { readonly headers: Headers },
  ...encodings: readonly string[]
): string | undefined;
