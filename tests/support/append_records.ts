import { encodeUtmp, type RecordFields } from "./encode_utmp.ts";

/**
 * Appends records to a file as updwtmp(3) does: each is written at once to what is at the path then. Without a
 * file nothing is written. Gives the number that was written.
 */
export async function appendRecords(
  path: string,
  records: readonly RecordFields[],
): Promise<number> {
  let written = 0;
  for (const record of records) {
    try {
      using file = await Deno.open(path, { append: true });
      file.writeSync(encodeUtmp("384le", [record]));
      written++;
    } catch (error) {
      if (!(error instanceof Deno.errors.NotFound)) throw error;
    }
  }
  return written;
}
