import type { RE2JS } from "re2js";
import type { Result } from "../result.ts";

/** Whether the sessions of a user are included. */
export type UserFilter = (username: string) => boolean;

/** The filter that includes all users. */
export const EVERYBODY: UserFilter = () => true;

/**
 * A filter for the users that match `include` and do not match `exclude`. An empty expression is ignored;
 * without both, the result is {@link EVERYBODY}. Expressions are anchored at both ends and have the syntax of
 * RE2, which matches any expression in linear time. RE2 is loaded only if there is an expression.
 */
export async function userFilter(
  { include, exclude }: { readonly include: string; readonly exclude: string },
): Promise<Result<UserFilter>> {
  if (include === "" && exclude === "") return { ok: true, value: EVERYBODY };
  try {
    const included = await compile("users.include", include);
    const excluded = await compile("users.exclude", exclude);
    const filter: UserFilter = (username) =>
      (included?.testExact(username) ?? true) && !(excluded?.testExact(username) ?? false);
    return { ok: true, value: filter };
  } catch (error) {
    if (error instanceof SyntaxError) return { ok: false, error: error.message };
    throw error;
  }
}

async function compile(name: string, expression: string): Promise<RE2JS | null> {
  if (expression === "") return null;
  const { RE2JS } = await import("re2js");
  try {
    return RE2JS.compile(expression);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    const text = JSON.stringify(expression);
    throw new SyntaxError(`--${name} must be a regular expression, not ${text}: ${reason}`, {
      cause,
    });
  }
}
