/** Resolves with the first SIGTERM or SIGINT. The next one ends the program at once. */
export function shutdownSignal(): Promise<Deno.Signal> {
  const { promise, resolve } = Promise.withResolvers<Deno.Signal>();
  const signals = ["SIGTERM", "SIGINT"] as const;
  const listeners = signals.map((signal) => {
    const listener = (): void => {
      for (const [name, added] of listeners) Deno.removeSignalListener(name, added);
      resolve(signal);
    };
    Deno.addSignalListener(signal, listener);
    return [signal, listener] as const;
  });
  return promise;
}
