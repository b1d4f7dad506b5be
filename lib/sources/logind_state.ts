import { failureOf, type Files } from "../files/files.ts";
import { PASSED, type Result } from "../result.ts";

/**
 * Checks whether logind seems to run.
 *
 * The directories `seats` and `sessions` exist on every machine with systemd (`tmpfiles.d/systemd.conf`), but
 * only logind creates `seats/seat0`, when it starts. It does not remove its files when it is stopped. So if
 * `units` can be read, it decides: systemd has a link there for each active unit (`unit_export_state_files` in
 * `src/core/unit.c`, since systemd 237).
 *
 * Rejects with the error of the file system, except if a file is missing.
 */
export async function checkRunning(files: Files, path: string): Promise<Result<undefined>> {
  const exists = async (name: string): Promise<boolean> => {
    try {
      await files.lstat(`${path}/${name}`);
      return true;
    } catch (error) {
      if (failureOf(error).reason === "missing") return false;
      throw error;
    }
  };
  const [hasSeat, hasUnits, isActive] = await Promise.all(
    ["seats/seat0", "units", "units/invocation:systemd-logind.service"].map(exists),
  );
  if (!hasSeat) {
    return { ok: false, error: `systemd-logind has not run: ${path}/seats has no seat0` };
  }
  return hasUnits && !isActive
    ? { ok: false, error: "systemd-logind was stopped, so its files are out of date" }
    : PASSED;
}
