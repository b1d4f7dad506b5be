/** Maps with at most `poolLimit` calls at a time; results come in the order of the input. */
export function pooledMap<T, R>(
  poolLimit: number,
  array: Iterable<T>,
  iteratorFn: (data: T) => Promise<R>,
): AsyncIterableIterator<R>;
