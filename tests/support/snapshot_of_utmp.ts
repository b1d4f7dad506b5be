import { type Snapshot, type UTMP_LIMITS, utmpSnapshot } from "../../lib/sessions/snapshot.ts";
import type { UserFilter } from "../../lib/sessions/user_filter.ts";
import type { DecodedUtmp } from "../../lib/utmp/decode.ts";

/** The snapshot of a decoded file, computed at once. */
export function snapshotOfUtmp(
  { records, faults }: DecodedUtmp,
  options: {
    readonly filter: UserFilter;
    readonly limits?: Readonly<Record<keyof typeof UTMP_LIMITS, number>>;
  } = { filter: () => true },
): Snapshot & { readonly records: NonNullable<Snapshot["records"]> } {
  const entries = records.map((record) => ({
    ...record,
    hostIpv4: null,
    isZero: false,
    hasUser: record.user !== "",
    decoded: () => record,
  }));
  const steps = utmpSnapshot([...entries, ...faults], options);
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
  }
}
