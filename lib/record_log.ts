import type { Log } from "./log.ts";
import { inconsistenciesOf, sessionOfRecord } from "./session.ts";
import { type DecodedUtmp } from "./utmp/decode.ts";
import { LAYOUTS } from "./utmp/layout.ts";
import type { Fault, UtmpRecord } from "./utmp/record.ts";

/**
 * Logs what a utmp file holds at level debug: its size, layout and number of records, then each record
 * with the reason why it is a session or not, what is odd about it, and each fault.
 */
export function logRecords(
  log: Log,
  decoded: DecodedUtmp,
  { path, size }: { readonly path: string; readonly size: number },
): void {
  if (!log.isEnabledFor("debug")) return;
  const { layout, records, faults } = decoded;
  const recordSize = LAYOUTS[layout].size;
  log.debug("utmp file", {
    path,
    size,
    record_size: recordSize,
    layout,
    records: records.length,
    faults: faults.length,
  });
  for (const record of records) log.debug("record", recordProperties(record));
  for (const fault of faults) log.debug("fault", faultProperties(fault));
}

function recordProperties(record: UtmpRecord): Record<string, unknown> {
  const verdict = sessionOfRecord(record);
  const odd = inconsistenciesOf(record);
  return {
    offset: record.offset,
    type: record.type,
    user: record.user,
    line: record.line,
    host: record.host,
    pid: record.pid,
    session: verdict.counts,
    ...(verdict.counts ? {} : { why: verdict.why }),
    ...(odd.length > 0 ? { odd: odd.join(", ") } : {}),
  };
}

function faultProperties({ offset, length, why }: Fault): Record<string, unknown> {
  return { offset, length, why };
}
