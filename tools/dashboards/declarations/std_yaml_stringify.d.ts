/** A YAML document. */
export function stringify(value: unknown, options?: { readonly lineWidth?: number }): string;
