import type { BootedSystem } from "./booted_system.ts";
import type { Executable } from "./stand_in.ts";
import { until } from "./wait.ts";

/** The unit that the packages install. */
export const UNIT = "unix-user-exporter.service";

/** The folder of its drop-ins. */
export const DROP_INS = `/etc/systemd/system/${UNIT}.d`;

/** Gives a system and a unit what an executable needs besides; gives a command that checks the service. */
export async function supply(
  { hostRoot }: BootedSystem,
  { supplies, env }: Executable,
  unit: string = UNIT,
): Promise<string> {
  for (const [place, file] of supplies) {
    await Deno.mkdir(`${hostRoot}${place.replace(/[^/]*$/, "")}`, { recursive: true });
    await Deno.copyFile(file, `${hostRoot}${place}`);
  }
  const variables = Object.entries(env).map(([name, value]) => `${name}=${value}`).join(" ");
  const dropIns = `${hostRoot}/etc/systemd/system/${unit}.d`;
  await Deno.mkdir(dropIns);
  await Deno.writeTextFile(`${dropIns}/test.conf`, `[Service]\nEnvironment=${variables}\n`);
  return `env ${variables} unix-user-exporter --healthcheck`;
}

/** A scrape from inside; the smallest Debian has no HTTP client but bash. */
function scrape({ run }: BootedSystem): Promise<string> {
  const request =
    "exec 3<>/dev/tcp/127.0.0.1/32142; printf 'GET /metrics HTTP/1.0\\r\\n\\r\\n' >&3; cat <&3";
  return run(`bash -c "${request}" 2>/dev/null || true`);
}

/** Waits for a scrape that the pattern matches. */
export function scrapeWith(system: BootedSystem, pattern: RegExp): Promise<string> {
  return until(`${pattern} in a scrape`, async () => {
    const text = await scrape(system);
    return pattern.test(text) ? text : null;
  });
}

/** The process id of the service, as it is inside. */
export async function mainProcess({ run }: BootedSystem): Promise<string> {
  return (await run(`systemctl show -P MainPID ${UNIT}`)).trim();
}

/** The files of the system outside of what every boot and every package changes, and its users. */
export async function files({ run }: BootedSystem): Promise<readonly string[]> {
  const places = "/etc /usr /var/lib/systemd /var/lib/private /var/cache /opt /srv /home /root";
  return (await run(`find ${places} 2>/dev/null | sort; getent passwd | cut -d: -f1`)).split("\n");
}
