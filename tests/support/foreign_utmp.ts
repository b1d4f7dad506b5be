const LOGINS = [
  { user: "alice", line: "pty0", host: "192.0.2.77" },
  { user: "bob", line: "pty1", host: "" },
  { user: "administrator", line: "cons2", host: "client.example" },
] as const;

/** 2025-07-23 12:30 UTC, and the boot before. */
const LOGIN_SECONDS = 1_753_273_800;
const BOOT_SECONDS = 1_753_266_000;

/** A field of a record: its offset, and a text, or the bits of a number and the number. */
type Field =
  | readonly [offset: number, text: string]
  | readonly [offset: number, bits: 8 | 16 | 32 | 64, value: number];

interface System {
  readonly size: number;
  readonly isBigEndian?: boolean;
  /** The records before the logins. */
  readonly first?: readonly (readonly Field[])[];
  /** The record of a login. */
  readonly login: (
    login: typeof LOGINS[number] & { readonly i: number; readonly seconds: number },
  ) => readonly Field[];
  /** Whether an empty record precedes each login. */
  readonly hasGaps?: boolean;
}

/**
 * `struct futmpx` of Solaris and illumos (illumos-gate `usr/src/head/utmpx.h`): user 0, id 32, line 36, pid 68,
 * type 72, exit 74, tv 80, session 88, pad 92, syslen 112, host 114.
 */
const SOLARIS: System = {
  size: 372,
  first: [[[36, "system boot"], [72, 16, 2], [80, 32, BOOT_SECONDS]]],
  login: ({ user, line, host, i, seconds }) => [
    ...[[0, user], [32, `ts/${i}`], [36, line], [114, host]] as const,
    ...[[68, 32, 1_000 + i], [72, 16, 7], [80, 32, seconds], [84, 32, 5]] as const,
    [112, 16, host.length + 1],
  ],
};

/**
 * `struct utmpx32` of macOS (Libc `gen/utmpx-darwin.h`): user 0, id 256, line 260, pid 292, type 296, tv 300,
 * host 308, pad 564. The first record is a signature of type 10.
 */
const MACOS: System = {
  size: 628,
  first: [
    [[0, "utmpx-1.00"], [296, 16, 10]],
    [[292, 32, 1], [296, 16, 2], [300, 32, BOOT_SECONDS]],
  ],
  login: ({ user, line, host, i, seconds }) => [
    ...[[0, user], [256, `s00${i}`], [260, line], [308, host]] as const,
    ...[[292, 32, 1_000 + i], [296, 16, 7], [300, 32, seconds], [304, 32, 5]] as const,
  ],
};

/**
 * `struct utmp` of Cygwin (newlib-cygwin `winsup/cygwin/include/sys/utmp.h`): type 0, pid 4, line 8, id 24,
 * then in 320 bytes (64-bit) time 32, user 40, host 56, address 312; in 308 bytes (32-bit) time 28, user 32,
 * host 48, address 304.
 */
function cygwin(size: 308 | 320): System {
  return {
    size,
    login: ({ user, line, host, i, seconds }) => [
      ...[[0, 16, 7], [4, 32, 1_000 + i], [8, line], [24, `p${i}`]] as const,
      ...(size === 320
        ? [[32, 64, seconds], [40, user], [56, host]] as const
        : [[28, 32, seconds], [32, user], [48, host]] as const),
    ],
  };
}

/**
 * `struct futx` of FreeBSD without padding (freebsd-src `lib/libc/gen/utxdb.h`): type 0, tv in microseconds 1,
 * id 9, pid 17, user 21, line 53, host 69.
 */
const FREEBSD: System = {
  size: 197,
  isBigEndian: true,
  first: [[[0, 8, 1], [1, 64, BOOT_SECONDS * 1e6]]],
  login: ({ user, line, host, i, seconds }) => [
    ...[[0, 8, 4], [1, 64, seconds * 1e6], [9, `/dev/p${i}`], [17, 32, 1_000 + i]] as const,
    ...[[21, user], [53, line], [69, host]] as const,
  ],
};

/** `struct utmp` of OpenBSD (`include/utmp.h`): line 0, name 8, host 40, time 296. A slot for each tty. */
const OPENBSD: System = {
  size: 304,
  hasGaps: true,
  login: ({ user, line, host, seconds }) => [[0, line], [8, user], [40, host], [296, 64, seconds]],
};

/** Records of an unknown Linux layout, which differs from the others only in its size. */
function unknownLinux(size: number): System {
  return {
    size,
    login: ({ user, line, host, i, seconds }) => [
      ...[[0, 16, 7], [4, 32, 1_000 + i], [8, line], [40, `ts/${i}`], [44, user]] as const,
      ...[[76, host], [336, 32, 1_000 + i], [340, 32, seconds]] as const,
    ],
  };
}

/** A file with the first logins. */
function fileOf(system: System, count: number): Uint8Array<ArrayBuffer> {
  const records = LOGINS.slice(0, count).flatMap((login, i) => [
    ...(system.hasGaps ? [[]] : []),
    system.login({ ...login, i, seconds: LOGIN_SECONDS + i }),
  ]);
  const all = [...system.first ?? [], ...records];
  const bytes = new Uint8Array(system.size * all.length);
  const view = new DataView(bytes.buffer);
  const isLittle = system.isBigEndian !== true;
  for (const [i, fields] of all.entries()) {
    for (const [offset, kind, value = 0] of fields) {
      const at = i * system.size + offset;
      if (typeof kind === "string") bytes.set(new TextEncoder().encode(kind), at);
      else if (kind === 8) view.setInt8(at, value);
      else if (kind === 16) view.setInt16(at, value, isLittle);
      else if (kind === 32) view.setInt32(at, value, isLittle);
      else view.setBigInt64(at, BigInt(value), isLittle);
    }
  }
  return bytes;
}

const SYSTEMS: Readonly<Record<string, System>> = {
  "Solaris on x86": SOLARIS,
  "Solaris on SPARC": { ...SOLARIS, isBigEndian: true },
  "macOS": MACOS,
  "Cygwin of 64 bits": cygwin(320),
  "Cygwin of 32 bits": cygwin(308),
  "FreeBSD": FREEBSD,
  "OpenBSD": OPENBSD,
};

/** Files with the first logins, for each other system. */
export const FOREIGN: Readonly<Record<string, (count: number) => Uint8Array<ArrayBuffer>>> = Object
  .fromEntries(
    Object.entries(SYSTEMS).map(([name, system]) => [name, (count) => fileOf(system, count)]),
  );

/** Sizes of records of no port; a file with a single record does not tell its size. */
export const UNKNOWN_SIZES: readonly number[] = [380, 386, 388, 396, 408, 416];

export function unknownFile(size: number, count: number): Uint8Array<ArrayBuffer> {
  return fileOf(unknownLinux(size), count);
}
