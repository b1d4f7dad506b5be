import { succeed } from "../e2e/succeed.ts";
import type { DaySession } from "./day.ts";

/**
 * Makes a device for the terminal of each session, as a /dev has them, somebody having typed on it a
 * while ago: an exporter with this folder as `--path.devfs` tells idle times. Wants root.
 */
export async function makeTerminals(
  folder: string,
  sessions: readonly DaySession[],
  { minute }: { readonly minute: number },
): Promise<void> {
  await Deno.mkdir(`${folder}/pts`, { recursive: true });
  for (const [i, { line, begin }] of sessions.entries()) {
    const idle = Math.min(minute - begin, (i * i * 7) % 61) * 60;
    await succeed("mknod", `${folder}/${line}`, "c", "1", "3");
    await succeed("touch", "-a", "-d", `@${Date.now() / 1000 - idle}`, `${folder}/${line}`);
  }
}
