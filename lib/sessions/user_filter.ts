import type { RE2JS } from "re2js";
import type { Result } from "../result.ts";

/** Whether sessions of a user are looked at. */
export type UserFilter = (username: string) => boolean;

/** The filter that leaves nobody out. */
export const EVERYBODY: UserFilter = () => true;

/**
 * {@link EVERYBODY}, or the users that `include` matches and `exclude` does not; an empty expression is none. Both are anchored
 * at both ends, in the syntax of RE2, whose matching takes linear time whatever the expression is. Its
 * engine is loaded only where there is an expression.
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
