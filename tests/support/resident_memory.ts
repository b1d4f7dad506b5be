import { run } from "./program.ts";

/** The resident memory of a process, in bytes. */
export interface ResidentMemory {
  readonly total: number;
  /** Without mapped files, as the program itself: heaps and stacks. */
  readonly anonymous: number;
}

/** Reads proc_pid_smaps(5), with another program, since Deno refuses /proc. */
export async function residentMemory(pid: number): Promise<ResidentMemory> {
  const path = `/proc/${pid}/smaps_rollup`;
  const { stdout } = await run(["cat", path]);
  const bytes = (name: string): number => {
    const [, kibibytes] = new RegExp(`^${name}:\\s+(\\d+) kB$`, "m").exec(stdout) ?? [];
    if (kibibytes === undefined) throw new Error(`Cannot find ${name} in ${path}`);
    return Number(kibibytes) * 1024;
  };
  return { total: bytes("Rss"), anonymous: bytes("Anonymous") };
}
