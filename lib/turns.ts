import type { Clock } from "./clock.ts";
import { pause } from "./pause.ts";

/** Long work goes on for so long at a time, in milliseconds; then everything else has its turn. */
export const TURN = 40;

/** Does work that is written as steps, and gives what it returns. Rejects with what a step throws. */
export async function runSliced<T>(steps: Iterator<unknown, T>, clock: Clock): Promise<T> {
  for (let began = clock.monotonic();;) {
    const step = steps.next();
    if (step.done === true) return step.value;
    if (clock.monotonic() - began < TURN) continue;
    await yieldToEventLoop();
    began = clock.monotonic();
  }
}

/** Gives what is made step by step, and lets everything else have its turn in between. */
export async function* iterateSliced<T>(steps: Iterable<T>, clock: Clock): AsyncGenerator<T> {
  let began = clock.monotonic();
  for (const step of steps) {
    if (clock.monotonic() - began >= TURN) {
      await yieldToEventLoop();
      began = clock.monotonic();
    }
    yield step;
  }
}

/** Resolves when timers and sockets were served. Nothing less does: Deno serves messages and files before them. */
function yieldToEventLoop(): Promise<void> {
  return pause(0);
}
