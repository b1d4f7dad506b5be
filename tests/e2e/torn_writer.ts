/**
 * Rewrites one record of a file without a pause, now with one host and then with another, until it
 * is killed. Arguments: the file, its offset there, and two files that hold the record.
 */
const [path = "", offset = "", ...records] = Deno.args;
const [one, other] = await Promise.all(records.map((record) => Deno.readFile(record)));
if (one === undefined || other === undefined) {
  throw new TypeError("Cannot write without two records");
}
using file = await Deno.open(path, { write: true });
for (;;) {
  for (const record of [one, other]) {
    file.seekSync(Number(offset), Deno.SeekMode.Start);
    file.writeSync(record);
  }
}
