import { LAYOUTS } from "../lib/utmp/layout.ts";
import { encodeUtmp } from "../tests/support/encode_utmp.ts";

const LAYOUT = LAYOUTS["384le"];

/** So many records are written at a time. */
const BATCH = 2_700;

/**
 * Appends failed logins over ssh to a file, as sshd writes them. All addresses occur equally often, far
 * from its last record, which is the worst case for caches and tables.
 */
export async function appendFailures(
  path: string,
  { records, addresses }: { readonly records: number; readonly addresses: number },
): Promise<void> {
  using file = await Deno.open(path, { append: true, create: true });
  const batch = new Uint8Array(BATCH * LAYOUT.size);
  const template = encodeUtmp("384le", [{
    type: "login_process",
    line: "ssh:notty",
    user: "root",
    seconds: 1_753_273_800,
  }]);
  const view = new DataView(batch.buffer);
  const encoder = new TextEncoder();
  for (let written = 0; written < records; written += BATCH) {
    const count = Math.min(BATCH, records - written);
    for (let i = 0; i < count; i++) {
      const start = i * LAYOUT.size;
      const n = written + i;
      batch.set(template, start);
      view.setInt32(start + LAYOUT.pid.offset, 1_000 + n % 30_000, true);
      view.setUint32(start + LAYOUT.seconds.offset, 1_753_273_800 + (n >> 2), true);
      // A step without common divisor visits each address once in each round.
      const address = (n * 7_919) % addresses;
      const bytes = [45 + (address >> 16), (address >> 8) & 255, address & 255, 7];
      encoder.encodeInto(
        bytes.join("."),
        batch.subarray(start + LAYOUT.host.offset, start + LAYOUT.host.offset + 16),
      );
      batch.set(bytes, start + LAYOUT.address.offset);
    }
    const bytes = batch.subarray(0, count * LAYOUT.size);
    for (let done = 0; done < bytes.length;) done += await file.write(bytes.subarray(done));
  }
}
