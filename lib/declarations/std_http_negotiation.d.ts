/** The best of the types for the request's Accept; undefined if none is accepted. */
export function accepts(
  request: { readonly headers: Headers },
  ...types: readonly string[]
): string | undefined;

/** The best of the encodings for the request's Accept-Encoding; undefined if none is accepted. */
export function acceptsEncodings(
  request: { readonly headers: Headers },
  ...encodings: readonly string[]
): string | undefined;
