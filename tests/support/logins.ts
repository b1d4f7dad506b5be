import type { RecordFields } from "./encode_utmp.ts";

/** So many logins of 500 users, each from an address and on a terminal of its own. */
export function logins(count: number): readonly RecordFields[] {
  return Array.from({ length: count }, (_, i) => loginOf(i));
}

function loginOf(i: number): RecordFields {
  return {
    type: "user_process",
    pid: 1_000 + i,
    line: `pts/${i}`,
    id: String(i % 10_000),
    user: `user${i % 500}`,
    host: `10.${(i >> 16) & 255}.${(i >> 8) & 255}.${i & 255}`,
    session: 1_000 + i,
    seconds: 1_753_280_000 + i,
    microseconds: i % 1_000_000,
    address: Uint8Array.of(10, (i >> 16) & 255, (i >> 8) & 255, i & 255, ...new Uint8Array(12)),
  };
}
