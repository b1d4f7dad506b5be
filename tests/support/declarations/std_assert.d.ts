/** The part of `@std/assert` that the tests use. Each throws an AssertionError when it does not hold. */
export function assert(expression: unknown, message?: string): asserts expression;
export function assertEquals<T>(actual: T, expected: T, message?: string): void;
export function assertStrictEquals<T>(actual: unknown, expected: T, message?: string): void;
export function assertNotEquals<T>(actual: T, expected: T, message?: string): void;
export function assertMatch(actual: string, expected: RegExp, message?: string): void;
export function assertNotMatch(actual: string, expected: RegExp, message?: string): void;
export function assertStringIncludes(actual: string, expected: string, message?: string): void;
export function assertThrows(
  fn: () => unknown,
  errorClass?: new (...args: never[]) => Error,
  messageIncludes?: string,
): Error;
export function fail(message?: string): never;
