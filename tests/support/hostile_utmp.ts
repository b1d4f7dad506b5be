import { LAYOUTS } from "../../lib/utmp/layout.ts";
import { encodeUtmp } from "./encode_utmp.ts";

/** As many records as a file may have that is read: 63 MiB. */
export const HOSTILE_RECORDS = 172_032;

/**
 * Logins whose user, line and host are full of bytes that all have to be escaped, each different from the
 * others: what costs most to decode, to keep and to show.
 */
export function hostileUtmp(records = HOSTILE_RECORDS): Uint8Array {
  const { size, user, line, host } = LAYOUTS["384le"];
  const login = encodeUtmp("384le", [{ type: "user_process", pid: 1_000, seconds: 1_753_280_000 }]);
  for (const { offset, length } of [user, line, host]) login.fill(0xff, offset, offset + length);
  const bytes = new Uint8Array(records * size);
  for (let i = 0; i < records; i++) {
    bytes.set(login, i * size);
    for (const { offset } of [user, line, host]) {
      const at = i * size + offset;
      bytes.set([0x80 + (i & 0x3f), 0x80 + ((i >> 6) & 0x3f), 0x80 + ((i >> 12) & 0x3f)], at);
    }
  }
  return bytes;
}
