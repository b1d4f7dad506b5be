import type { Log } from "../log.ts";

/** A setting that has a different effect than in exporter-toolkit, or none. */
export interface Note {
  /** `warn` if something is less protected than expected. */
  readonly level: "info" | "warn";
  /** The name of the setting, for example `http_server_config.http2`. */
  readonly setting: string;
  readonly effect: string;
}

/** Adds a note. */
export type TakeNote = (note: Note) => void;

/** Logs one line for each note on a configuration file. */
export function logNotes(
  notes: readonly Note[],
  { path, log }: { readonly path: string; readonly log: Log },
): void {
  for (const { level, setting, effect } of notes) {
    log[level]("web configuration setting has a different effect", { path, setting, effect });
  }
}
