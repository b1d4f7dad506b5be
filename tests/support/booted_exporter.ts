import type { BootedSystem } from "./booted_system.ts";
import { type Exporter, startExporter } from "./exporter.ts";
import { sessionsOf } from "./samples.ts";
import { until } from "./wait.ts";

/** Starts the exporter on this machine with the files of a booted system. */
export function startOutside(
  { hostRun, hostProc, hostDev }: BootedSystem,
  source: string,
  flags: readonly string[] = [],
): Promise<Exporter> {
  return startExporter([
    `--source=${source}`,
    `--utmp-path=${hostRun}/utmp`,
    `--logind-path=${hostRun}/systemd`,
    `--path.procfs=${hostProc}`,
    `--path.devfs=${hostDev}`,
    ...flags,
  ]);
}

/** Waits for a scrape with these sessions: sshd writes to one source after the other, and after its answer. */
export function scrapeWith(exporter: Exporter, sessions: readonly string[]): Promise<string> {
  const wanted = [...sessions].sort().join("\n");
  return until(`the sessions\n${wanted}`, async () => {
    const scrape = await exporter.scrape();
    return sessionsOf(scrape).join("\n") === wanted ? scrape : null;
  });
}

/** The ids of the sessions that loginctl(1) inside lists. */
export async function loginctlIds(system: BootedSystem): Promise<readonly string[]> {
  const lines = (await system.run("loginctl list-sessions --no-legend")).trim().split("\n");
  return lines.map((line) => line.trim().split(/\s+/)[0] ?? "").filter((id) => id !== "");
}
