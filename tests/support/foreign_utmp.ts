/** A record of another system, of which only these parts matter. */
export interface ForeignLogin {
  readonly user: string;
  readonly line: string;
  readonly host: string;
}

/** What all of these machines have: a boot, and three logins. */
const LOGINS: readonly ForeignLogin[] = [
  { user: "alice", line: "pty0", host: "192.0.2.77" },
  { user: "bob", line: "pty1", host: "" },
  { user: "administrator", line: "cons2", host: "client.example" },
];

/** 2025-07-23 12:30 UTC, and the boot before. */
const LOGIN_SECONDS = 1_753_273_800;
const BOOT_SECONDS = 1_753_266_000;

/** Writes the fields of one record, each at its offset. */
class RecordWriter {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly #view: DataView;
  readonly #littleEndian: boolean;

  constructor(size: number, littleEndian: boolean) {
    this.bytes = new Uint8Array(size);
    this.#view = new DataView(this.bytes.buffer);
    this.#littleEndian = littleEndian;
  }

  text(offset: number, value: string): this {
    this.bytes.set(new TextEncoder().encode(value), offset);
    return this;
  }

  int16(offset: number, value: number): this {
    this.#view.setInt16(offset, value, this.#littleEndian);
    return this;
  }

  int32(offset: number, value: number): this {
    this.#view.setInt32(offset, value, this.#littleEndian);
    return this;
  }

  int64(offset: number, value: bigint): this {
    this.#view.setBigInt64(offset, value, this.#littleEndian);
    return this;
  }
}

function joined(records: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(records.flatMap((record) => [...record]));
}

/**
 * `struct futmpx` of Solaris and illumos, 372 bytes (illumos-gate `usr/src/head/utmpx.h`): user 0, id 32,
 * line 36, pid 68, type 72, exit 74, tv 80, session 88, pad 92, syslen 112, host 114.
 */
function solaris(littleEndian: boolean, logins: readonly ForeignLogin[]): Uint8Array<ArrayBuffer> {
  const boot = new RecordWriter(372, littleEndian)
    .text(36, "system boot").int16(72, 2).int32(80, BOOT_SECONDS);
  return joined([
    boot.bytes,
    ...logins.map(({ user, line, host }, i) =>
      new RecordWriter(372, littleEndian)
        .text(0, user).text(32, `ts/${i}`).text(36, line).int32(68, 1_000 + i).int16(72, 7)
        .int32(80, LOGIN_SECONDS + i).int32(84, 5).int16(112, host.length + 1).text(114, host).bytes
    ),
  ]);
}

/**
 * `struct utmpx32` of macOS, 628 bytes (Libc `gen/utmpx-darwin.h`): user 0, id 256, line 260, pid 292, type
 * 296, tv 300, host 308, pad 564. The first record is a signature of type 10.
 */
function macos(logins: readonly ForeignLogin[]): Uint8Array<ArrayBuffer> {
  const signature = new RecordWriter(628, true).text(0, "utmpx-1.00").int16(296, 10);
  const boot = new RecordWriter(628, true).int32(292, 1).int16(296, 2).int32(300, BOOT_SECONDS);
  return joined([
    signature.bytes,
    boot.bytes,
    ...logins.map(({ user, line, host }, i) =>
      new RecordWriter(628, true)
        .text(0, user).text(256, `s00${i}`).text(260, line).int32(292, 1_000 + i).int16(296, 7)
        .int32(300, LOGIN_SECONDS + i).int32(304, 5).text(308, host).bytes
    ),
  ]);
}

/**
 * `struct utmp` of Cygwin (newlib-cygwin `winsup/cygwin/include/sys/utmp.h`): type 0, pid 4, line 8, id 24,
 * then in 320 bytes (64-bit) time 32, user 40, host 56, address 312; in 308 bytes (32-bit) time 28, user 32,
 * host 48, address 304.
 */
function cygwin(size: 308 | 320, logins: readonly ForeignLogin[]): Uint8Array<ArrayBuffer> {
  return joined(logins.map(({ user, line, host }, i) => {
    const record = new RecordWriter(size, true)
      .int16(0, 7).int32(4, 1_000 + i).text(8, line).text(24, `p${i}`);
    const seconds = LOGIN_SECONDS + i;
    return size === 320
      ? record.int64(32, BigInt(seconds)).text(40, user).text(56, host).bytes
      : record.int32(28, seconds).text(32, user).text(48, host).bytes;
  }));
}

/**
 * `struct futx` of FreeBSD, 197 bytes without padding, big-endian (freebsd-src `lib/libc/gen/utxdb.h`): type
 * 0, tv in microseconds 1, id 9, pid 17, user 21, line 53, host 69.
 */
function freebsd(logins: readonly ForeignLogin[]): Uint8Array<ArrayBuffer> {
  const microseconds = (seconds: number): bigint => BigInt(seconds) * 1_000_000n;
  const boot = new RecordWriter(197, false).int64(1, microseconds(BOOT_SECONDS));
  boot.bytes[0] = 1;
  return joined([
    boot.bytes,
    ...logins.map(({ user, line, host }, i) => {
      const { bytes } = new RecordWriter(197, false)
        .int64(1, microseconds(LOGIN_SECONDS + i)).text(9, `/dev/p${i}`).int32(17, 1_000 + i)
        .text(21, user).text(53, line).text(69, host);
      bytes[0] = 4;
      return bytes;
    }),
  ]);
}

/** `struct utmp` of OpenBSD, 304 bytes (`include/utmp.h`): line 0, name 8, host 40, time 296. A slot for each tty. */
function openbsd(logins: readonly ForeignLogin[]): Uint8Array<ArrayBuffer> {
  return joined(
    logins.flatMap(({ user, line, host }, i) => [
      new Uint8Array(304),
      new RecordWriter(304, true)
        .text(0, line).text(8, user).text(40, host).int64(296, BigInt(LOGIN_SECONDS + i)).bytes,
    ]),
  );
}

/**
 * Records of a Linux layout that is in no table: the beginning is that of the others, the size is not, as
 * where a library had its own idea of the time. Such a file begins with a record that decodes.
 */
function unknownLinux(size: number, logins: readonly ForeignLogin[]): Uint8Array<ArrayBuffer> {
  return joined(logins.map(({ user, line, host }, i) =>
    new RecordWriter(size, true)
      .int16(0, 7).int32(4, 1_000 + i).text(8, line).text(40, `ts/${i}`).text(44, user)
      .text(76, host).int32(336, 1_000 + i).int32(340, LOGIN_SECONDS + i).bytes
  ));
}

/** Files with the first so many logins of each other system. */
export const FOREIGN: Readonly<Record<string, (count: number) => Uint8Array<ArrayBuffer>>> = {
  "Solaris on x86": (count) => solaris(true, LOGINS.slice(0, count)),
  "Solaris on SPARC": (count) => solaris(false, LOGINS.slice(0, count)),
  "macOS": (count) => macos(LOGINS.slice(0, count)),
  "Cygwin of 64 bits": (count) => cygwin(320, LOGINS.slice(0, count)),
  "Cygwin of 32 bits": (count) => cygwin(308, LOGINS.slice(0, count)),
  "FreeBSD": (count) => freebsd(LOGINS.slice(0, count)),
  "OpenBSD": (count) => openbsd(LOGINS.slice(0, count)),
};

/** Files of so many logins in records of another size; with a single one nothing tells the size. */
export const UNKNOWN_SIZES: readonly number[] = [380, 386, 388, 396, 408, 416];

export function unknownFile(size: number, count: number): Uint8Array<ArrayBuffer> {
  return unknownLinux(size, LOGINS.slice(0, count));
}
