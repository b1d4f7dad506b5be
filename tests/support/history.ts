import type { HistorySource } from "../../lib/history/history_source.ts";
import { BtmpSource } from "../../lib/history/btmp.ts";
import { WtmpSource } from "../../lib/history/wtmp.ts";
import type { FileOpener } from "../../lib/files/open_file.ts";
import type { FailedLogins, HistoryRead, Logins } from "../../lib/sessions/history.ts";
import { EVERYBODY, type UserFilter } from "../../lib/sessions/user_filter.ts";
import type { LayoutName } from "../../lib/utmp/layout.ts";
import { fail } from "./assert.ts";
import type { RecordFields } from "./encode_utmp.ts";
import { type KeptLog, keptLog, TestClock } from "./fakes.ts";

/** How a source of a test differs from the usual one. */
export interface SourceOptions {
  readonly path?: string;
  readonly layout?: LayoutName | "auto";
  readonly nativeLayout?: LayoutName;
  readonly filter?: UserFilter;
  readonly maxAddresses?: number;
  readonly clock?: TestClock;
  readonly log?: KeptLog;
}

function optionsOf(
  files: FileOpener,
  { log = keptLog(), ...options }: SourceOptions,
): ConstructorParameters<typeof BtmpSource>[0] {
  return {
    path: "btmp",
    nativeLayout: "384le",
    filter: EVERYBODY,
    maxAddresses: 20,
    clock: new TestClock(),
    ...options,
    files,
    log: log.log,
  };
}

/** A source of the file `btmp`. */
export function btmpSource(files: FileOpener, options: SourceOptions = {}): BtmpSource {
  return new BtmpSource(optionsOf(files, options));
}

/** A source of the file `wtmp`. */
export function wtmpSource(files: FileOpener, options: SourceOptions = {}): WtmpSource {
  return new WtmpSource(optionsOf(files, { path: "wtmp", ...options }));
}

/** The data of a successful read of all there is. */
export async function dataOf<Data>(source: HistorySource<Data>): Promise<Data> {
  const read = await source.read({ waits: true });
  if (!read.ok || read.data === null) return fail(JSON.stringify(read));
  return read.data;
}

/** The number of failed logins of a read, or the reason of its failure. */
export function failuresOf(read: HistoryRead<FailedLogins>): number | string | null {
  if (!read.ok) return read.failure.reason;
  return read.data === null ? null : read.data.remote + read.data.local;
}

/** The number of logins of each kind that has any, as `pty remote 3`. */
export function countsOf({ counts }: Logins): readonly string[] {
  return counts.filter(({ logins }) => logins > 0)
    .map(({ kind, remote, logins }) => `${kind} ${remote ? "remote" : "local"} ${logins}`);
}

/** 2025-07-23 12:30 UTC. */
const SECONDS = 1_753_273_800;

/** Failed logins over ssh as sshd writes them (openssh-portable `loginrec.c`), from one address each. */
export function sshFailures(...hosts: readonly string[]): readonly RecordFields[] {
  return hosts.map((host, i) => ({
    type: "login_process",
    pid: 1_000 + i,
    line: "ssh:notty",
    user: "root",
    host,
    seconds: SECONDS + i,
  }));
}
