import { type Exporter, startExporter } from "./exporter.ts";
import { fixture, type TempDir } from "./temp_dir.ts";

/** A web configuration as data. */
export type WebConfigData = Readonly<Record<string, unknown>>;

/** The path of the configuration in a folder. */
export function webConfigPath(dir: TempDir): string {
  return dir.join("web.yml");
}

/** Writes the configuration of a folder. JSON is YAML. */
export async function writeWebConfig(dir: TempDir, data: WebConfigData): Promise<void> {
  await Deno.writeTextFile(webConfigPath(dir), JSON.stringify(data));
}

/** Starts the exporter on the x86_64 fixture with this configuration. */
export async function startWith(
  dir: TempDir,
  data: WebConfigData,
  args: readonly string[] = [],
): Promise<Exporter> {
  await writeWebConfig(dir, data);
  return await startExporter([
    `--utmp-path=${fixture("x86_64.utmp").pathname}`,
    `--web.config.file=${webConfigPath(dir)}`,
    ...args,
  ]);
}

/** The metric for the last reload. */
export const GOOD = "unix_user_exporter_web_config_last_reload_successful";
