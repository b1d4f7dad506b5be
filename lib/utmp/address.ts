/**
 * The text of the 16 bytes of `ut_addr_v6` at `start`, which are in network order in every layout.
 *
 * If only the first 4 bytes are set, it is an IPv4 address in dotted form. If all are zero, there is no
 * address and the text is empty. Everything else is an IPv6 address in the canonical form of RFC 5952;
 * IPv4-mapped addresses end in dotted form (its section 5). Source: utmp(5), `ut_addr_v6`.
 */
export function addressText(view: DataView, start: number): string {
  const rest = view.getUint32(start + 4) | view.getUint32(start + 8) | view.getUint32(start + 12);
  if (rest === 0) return view.getUint32(start) === 0 ? "" : dotted(view, start);
  const groups = Array.from({ length: 8 }, (_, i) => view.getUint16(start + 2 * i));
  const mapped = groups[5] === 0xffff && groups.slice(0, 5).every((group) => group === 0);
  return mapped ? `::ffff:${dotted(view, start + 12)}` : compressed(groups);
}

function dotted(view: DataView, start: number): string {
  const byte = (i: number): number => view.getUint8(start + i);
  return `${byte(0)}.${byte(1)}.${byte(2)}.${byte(3)}`;
}

/** Hexadecimal groups. `::` replaces the longest run of two or more zero groups, the first one of equal runs. */
function compressed(groups: readonly number[]): string {
  let from = 0;
  let length = 0;
  for (let i = 0; i < groups.length; i++) {
    let end = i;
    while (groups[end] === 0) end++;
    if (end - i > length) [from, length] = [i, end - i];
  }
  const text = (part: readonly number[]): string => part.map((n) => n.toString(16)).join(":");
  if (length < 2) return text(groups);
  return `${text(groups.slice(0, from))}::${text(groups.slice(from + length))}`;
}

const [ZERO, NINE, DOT] = [0x30, 0x39, 0x2e];

/**
 * The IPv4 address that the bytes from `start` to the first NUL spell, at most `length` bytes, as a signed 32-bit
 * number in network order; null if they are anything but the dotted form that {@link ipv4Text} gives.
 */
export function parseIpv4(bytes: Uint8Array, start: number, length: number): number | null {
  const end = Math.min(start + length, bytes.length);
  let [address, part, digits, dots] = [0, 0, 0, 0];
  for (let at = start; at < end; at++) {
    const byte = bytes[at] ?? 0;
    if (byte === 0) break;
    if (byte === DOT) {
      if (digits === 0 || ++dots > 3) return null;
      address = address << 8 | part;
      [part, digits] = [0, 0];
    } else {
      if (byte < ZERO || byte > NINE || (digits > 0 && part === 0)) return null;
      part = 10 * part + byte - ZERO;
      if (part > 255) return null;
      digits++;
    }
  }
  return dots === 3 && digits > 0 ? address << 8 | part : null;
}

/** The dotted form of an IPv4 address, a 32-bit number in network order. */
export function ipv4Text(address: number): string {
  return [24, 16, 8, 0].map((shift) => (address >>> shift) & 255).join(".");
}
