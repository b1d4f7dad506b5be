/** Rejects with a DOMException named `TimeoutError` when the promise takes longer than `ms` milliseconds. */
export function deadline<T>(promise: Promise<T>, ms: number): Promise<T>;
