/**
 * Rewrites one record of a file without a pause until it is killed. Arguments: the file, the offset of the record,
 * and files with its contents.
 */
const [path = "", offset = "", ...records] = Deno.args;
const contents = await Promise.all(records.map((record) => Deno.readFile(record)));
using file = await Deno.open(path, { write: true });
for (;;) {
  for (const record of contents) {
    file.seekSync(Number(offset), Deno.SeekMode.Start);
    file.writeSync(record);
  }
}
