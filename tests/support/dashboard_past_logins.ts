import { appendRecords } from "./append_records.ts";
import type { RecordFields } from "./encode_utmp.ts";
import { sshFailures } from "./history.ts";
import type { TempDir } from "./temp_dir.ts";
import { writeUtmp } from "./utmp_file.ts";
import { LASTLOG2_TABLE, WtmpdbFile } from "./wtmpdb_file.ts";

/** Addresses with failed logins. Only the last three have series on the second host. */
export const ATTACKER = "192.0.2.66";
export const FREQUENT = ["203.0.113.1", "203.0.113.2", "203.0.113.3"] as const;

/** Failed logins that follow in the middle of the test, by address. */
export interface Failures {
  readonly first: Readonly<Record<string, number>>;
  readonly second: Readonly<Record<string, number>>;
}

/** As many addresses as are counted at a time, and one more, so that counts can be too low by 1. */
const MANY_ADDRESSES = 16_385;

/** Users of the second host, each with the number of days since the last login, and who logs in again. */
export const OLD_USERS = Array.from({ length: 22 }, (_, i) => [`old${i}`, 10 + i] as const);
export const RETURNING = "old21";

const DAY = 86_400;

/** A record that has no type of records. */
const FAULTY: RecordFields = { type: 99, line: "pts/8", user: "nobody", seconds: 1_753_273_800 };

/** The files of past logins of both hosts, by the name of their source. */
export interface PastLoginFiles {
  readonly first: Readonly<Record<"wtmp" | "btmp" | "lastlog2", string>>;
  readonly second: Readonly<Record<"wtmpdb" | "btmp" | "lastlog2", string>>;
}

/** So many failed logins over ssh from each address. */
function failures(counts: Readonly<Record<string, number>>): readonly RecordFields[] {
  return Object.entries(counts).flatMap(([address, count]) =>
    sshFailures(...Array.from({ length: count }, () => address))
  );
}

/** Writes the files; that of lastlog2 is missing on the second host. Times are in seconds since the epoch. */
export async function writePastLogins(
  dir: TempDir,
  { now, logins, lastLogins, failedBefore }: {
    readonly now: number;
    /** Those in wtmp of the first host. */
    readonly logins: readonly RecordFields[];
    /** Addresses in btmp of the first host. */
    readonly failedBefore: readonly string[];
    /** Those in lastlog2 of the first host. */
    readonly lastLogins: Readonly<Record<string, number>>;
  },
): Promise<PastLoginFiles> {
  const at = (name: string): string => dir.join(name);
  const files: PastLoginFiles = {
    first: { wtmp: at("first.wtmp"), btmp: at("first.btmp"), lastlog2: at("lastlog2.db") },
    second: { wtmpdb: at("wtmp.db"), btmp: at("second.btmp"), lastlog2: at("missing.db") },
  };
  await writeUtmp(files.first.wtmp, [...logins, FAULTY]);
  const atConsole = { type: "login_process", user: "root", line: "tty1", seconds: now } as const;
  const known = failures(Object.fromEntries(failedBefore.map((address) => [address, 2])));
  await writeUtmp(files.first.btmp, [...known, atConsole, FAULTY, FAULTY]);
  const singles = Array.from(
    { length: MANY_ADDRESSES - FREQUENT.length },
    (_, i) => `10.0.${i >> 8}.${i & 255}`,
  );
  const [a, b, c] = FREQUENT;
  const records = [...failures({ [a]: 30, [b]: 20, [c]: 10 }), ...sshFailures(...singles)];
  await writeUtmp(files.second.btmp, records);
  using lastlog2 = new WtmpdbFile(files.first.lastlog2, LASTLOG2_TABLE);
  const insert = lastlog2.database.prepare("INSERT INTO Lastlog2 (Name, Time) VALUES (?, ?)");
  for (const [user, time] of Object.entries(lastLogins)) insert.run(user, BigInt(time));
  using wtmpdb = new WtmpdbFile(files.second.wtmpdb);
  for (const [user, days] of OLD_USERS) wtmpdb.login({ user, login: (now - days * DAY) * 1e6 });
  wtmpdb.login({ user: "nobody", login: -1 });
  return files;
}

/**
 * Appends to all files but lastlog2, and gives the number of logins and failed logins. A user of the second host
 * logs in at its console after a long time.
 */
export async function appendPastLogins(
  { first, second }: PastLoginFiles,
  { now, logins, failed }: {
    readonly now: number;
    readonly logins: readonly RecordFields[];
    readonly failed: Failures;
  },
): Promise<number> {
  const written = await appendRecords(first.wtmp, logins) +
    await appendRecords(first.btmp, failures(failed.first)) +
    await appendRecords(second.btmp, failures(failed.second));
  using wtmpdb = new WtmpdbFile(second.wtmpdb);
  wtmpdb.login({ user: RETURNING, login: now * 1e6, tty: "tty1", host: "", service: "login" });
  return written + 1;
}
