import type { RecordType } from "../utmp/mod.ts";
import { EVERYBODY, type UserFilter } from "./user_filter.ts";

/** Records of the system: boot, run level and clock (utmp(5)). */
const SYSTEM_TYPES: ReadonlySet<RecordType> = new Set([
  "boot_time",
  "run_lvl",
  "new_time",
  "old_time",
]);

/** Whether a record may be shown with a filter: one of the system, or of an included user. */
export function isIncluded(
  { type, user }: { readonly type: RecordType; readonly user: string },
  filter: UserFilter,
): boolean {
  if (filter === EVERYBODY || SYSTEM_TYPES.has(type)) return true;
  return user !== "" && filter(user);
}
