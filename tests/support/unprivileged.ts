import { success } from "./needs.ts";

/** Removes the right of root to read every file. */
const WITHOUT_OVERRIDE = ["setpriv", "--bounding-set=-dac_override,-dac_read_search"];

/** A command that runs another without the right to read every file. */
export const UNPRIVILEGED: readonly string[] = Deno.uid() === 0 ? WITHOUT_OVERRIDE : [];

/** What {@link UNPRIVILEGED} needs. */
export const SETPRIV = success(
  "right to drop capabilities with setpriv",
  [...UNPRIVILEGED, "true"],
);
