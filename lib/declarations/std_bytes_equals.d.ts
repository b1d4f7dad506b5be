/** Whether two byte strings are the same. */
export function equals(a: Uint8Array, b: Uint8Array): boolean;
