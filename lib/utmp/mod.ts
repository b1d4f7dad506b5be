/**
 * Decodes utmp files: the records of logins, terminals and boots on Linux (utmp(5)), in the layout of any Linux
 * architecture.
 *
 * The functions take the bytes of a file. They read no files, have no dependencies and do not throw, whatever
 * the bytes are.
 *
 * @example Users that are logged in
 * ```ts
 * import { decodeUtmp, detectLayout } from "./mod.ts";
 *
 * const bytes = Deno.readFileSync("tests/fixtures/x86_64.utmp");
 * const { layout } = detectLayout(bytes, "384le");
 * const users = decodeUtmp(bytes, layout).records
 *   .filter(({ type, user }) => type === "user_process" && user !== "")
 *   .map(({ user, line, host }) => `${user} on ${line} from ${host}`);
 *
 * if (users[0] !== "bob on tty1 from ") throw new Error(users[0]);
 * ```
 *
 * @example Bytes that are not a utmp file
 * ```ts
 * import { decodeUtmp, detectLayout } from "./mod.ts";
 *
 * const bytes = new TextEncoder().encode("not a utmp file".repeat(40));
 * const { layout, isMatch } = detectLayout(bytes, "384le");
 * const { records, faults } = decodeUtmp(bytes, layout);
 *
 * if (isMatch || records.length !== 0 || faults.length === 0) throw new Error("unexpected match");
 * ```
 *
 * @module
 */
export { addressText, ipv4Text, parseIpv4 } from "./address.ts";
export {
  type DecodedUtmp,
  decodeUtmp,
  LAST_SECOND,
  type UndecodedRecord,
  utmpEntries,
  type UtmpEntry,
} from "./decode.ts";
export { chooseLayout, type Detection, detectLayout, RUN_LENGTH, RUNS } from "./detect.ts";
export { halfWrittenRecords, looksHalfWritten, PAGE } from "./half_written.ts";
export {
  type BytesField,
  type Layout,
  LAYOUT_NAMES,
  type LayoutName,
  LAYOUTS,
  type NumberField,
} from "./layout.ts";
export { type Fault, RECORD_TYPES, type RecordType, type UtmpRecord } from "./record.ts";
export { visibleText } from "./text.ts";
