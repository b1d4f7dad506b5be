import { failureOf, type Files } from "../files/files.ts";

/**
 * Why logind does not run; null where it does, as far as its folder tells. The folders `seats` and
 * `sessions` are there on every machine with systemd (`tmpfiles.d/systemd.conf`), but only logind makes
 * `seats/seat0`, and has it from its start on. It leaves its files behind when it is stopped, so where
 * they can be seen the files of systemd itself decide: it has a link for each unit that is active
 * (`unit_export_state_files` in `src/core/unit.c`, since systemd 237). Rejects with what the file system
 * says where it cannot be asked.
 */
export async function notRunningReason(files: Files, path: string): Promise<string | null> {
  const isThere = async (name: string): Promise<boolean> => {
    try {
      await files.lstat(`${path}/${name}`);
      return true;
    } catch (error) {
      if (failureOf(error).reason === "missing") return false;
      throw error;
    }
  };
  const [hasSeat, hasUnits, isActive] = await Promise.all(
    ["seats/seat0", "units", "units/invocation:systemd-logind.service"].map(isThere),
  );
  if (!hasSeat) return `systemd-logind has not run: ${path}/seats has no seat0`;
  return hasUnits && !isActive ? "systemd-logind was stopped, so its files are out of date" : null;
}
