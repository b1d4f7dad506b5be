import type { Clock } from "./clock.ts";
import { pause } from "./pause.ts";

/** Long work yields to the event loop after this time, in milliseconds. */
export const TIME_SLICE = 40;

/** Runs work that is written as steps, in time slices. Returns its result; rejects with the error of a step. */
export async function runSliced<T>(steps: Iterator<unknown, T>, clock: Clock): Promise<T> {
  for (let started = clock.monotonic();;) {
    const step = steps.next();
    if (step.done === true) return step.value;
    if (clock.monotonic() - started < TIME_SLICE) continue;
    await yieldToEventLoop();
    started = clock.monotonic();
  }
}

/** Iterates over `steps` in time slices. */
export async function* iterateSliced<T>(steps: Iterable<T>, clock: Clock): AsyncGenerator<T> {
  let started = clock.monotonic();
  for (const step of steps) {
    if (clock.monotonic() - started >= TIME_SLICE) {
      await yieldToEventLoop();
      started = clock.monotonic();
    }
    yield step;
  }
}

/** Lets timers and sockets run. Only a timer does that: Deno handles messages and files before sockets. */
function yieldToEventLoop(): Promise<void> {
  return pause(0);
}
