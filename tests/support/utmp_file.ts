import { encodeUtmp, type RecordFields } from "./encode_utmp.ts";
import { tempDir } from "./temp_dir.ts";

/** The size of the records that {@link writeUtmp} and {@link writeSlot} write, in bytes. */
export const RECORD_SIZE = 384;

/** 2025-07-23 12:30 UTC, the time of every {@link login}. */
export const LOGIN_SECONDS = 1_753_273_800;

/** The record of a session. */
export function login(user: string, line: string, host = ""): RecordFields {
  return { type: "user_process", pid: 1000, user, line, host, seconds: LOGIN_SECONDS };
}

/** The record of an ended session: the user is erased (login(3)). */
export function logout(line: string): RecordFields {
  return { type: "dead_process", pid: 1000, line, seconds: LOGIN_SECONDS + 60 };
}

/** The series of a {@link login}, with TZ=UTC. */
export function infoOf(user: string, line: string, from = "-"): string {
  const labels = `username="${user}",from="${from}",tty="${line}",login_time="2025-07-23 12:30"`;
  return `unix_user_session_info{${labels}} 1`;
}

/** Writes a whole file. */
export async function writeUtmp(path: string, records: readonly RecordFields[]): Promise<void> {
  await Deno.writeFile(path, encodeUtmp("384le", records));
}

/** A utmp file for one test, in a folder of its own. Disposing it removes the folder. */
export interface UtmpFile extends AsyncDisposable {
  readonly path: string;
  /** The flag that selects it. */
  readonly flag: string;
}

/** Makes a file with these records; without records there is only a path. */
export async function utmpFile(records?: readonly RecordFields[]): Promise<UtmpFile> {
  const dir = await tempDir();
  const path = dir.join("utmp");
  if (records !== undefined) await writeUtmp(path, records);
  return { path, flag: `--utmp-path=${path}`, [Symbol.asyncDispose]: dir[Symbol.asyncDispose] };
}

/** Overwrites one record, as pututxline(3) does. */
export async function writeSlot(path: string, slot: number, record: RecordFields): Promise<void> {
  using file = await Deno.open(path, { write: true });
  await file.seek(slot * RECORD_SIZE, Deno.SeekMode.Start);
  await file.write(encodeUtmp("384le", [record]));
}
