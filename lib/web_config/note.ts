import type { Log } from "../log.ts";

/** A setting that has another effect here than it reads. */
export interface Note {
  /** `warn` where less is protected than it seems. */
  readonly level: "info" | "warn";
  /** Its name, as `http_server_config.http2`. */
  readonly setting: string;
  readonly effect: string;
}

/** Takes a note. */
export type TakeNote = (note: Note) => void;

/** Logs one line for each note on a configuration file. */
export function logNotes(
  notes: readonly Note[],
  { path, log }: { readonly path: string; readonly log: Log },
): void {
  for (const { level, setting, effect } of notes) {
    log[level]("a web configuration setting has another effect here", { path, setting, effect });
  }
}
