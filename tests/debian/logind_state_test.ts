import { type Exporter, startExporter } from "../support/exporter.ts";
import { testNeeding } from "../support/needs.ts";
import { seriesOf, SESSION_METRIC_NAMES } from "../support/samples.ts";
import { tempDir } from "../support/temp_dir.ts";
import { until } from "../support/wait.ts";
import { type BootedSystem, bootSystem } from "../support/booted_system.ts";
import type { Release } from "../support/root_file_system.ts";
import { systemNeeds } from "../support/system_needs.ts";

const MASK = "ln -s /dev/null /etc/systemd/system/systemd-logind.service";

/** One scrape in short: the sources that are up and those that are down, and the number of sessions. */
async function stateOf(exporter: Exporter): Promise<string> {
  const scrape = await exporter.scrape();
  const ups = seriesOf(scrape, "unix_user_exporter_source_up")
    .map((line) => line.replace(/^.*source="(.*)"}/, "$1"));
  const sessions = seriesOf(scrape, ...SESSION_METRIC_NAMES).length === 0
    ? "unknown"
    : seriesOf(scrape, "unix_users_logged_in_total").join().replace(/^\S+ /, "");
  return `${ups.join(", ")}: ${sessions}`;
}

/** The exporters that look at a system: one for each source, and one that sees only the folders of logind. */
async function exportersOf(
  { hostRun }: BootedSystem,
  stack: AsyncDisposableStack,
): Promise<readonly [auto: Exporter, logind: Exporter, contained: Exporter]> {
  const utmp = `--utmp-path=${hostRun}/utmp`;
  const host = `--logind-path=${hostRun}/systemd`;
  const container = stack.use(await tempDir());
  await Deno.mkdir(container.join("systemd"));
  for (const name of ["sessions", "seats"]) {
    await Deno.symlink(`${hostRun}/systemd/${name}`, container.join(`systemd/${name}`));
  }
  const contained = `--logind-path=${container.join("systemd")}`;
  return [
    stack.use(await startExporter(["--source=auto", utmp, host])),
    stack.use(await startExporter(["--source=logind", host])),
    stack.use(await startExporter(["--source=logind", contained])),
  ];
}

/** Waits until all of them are as they should be. */
async function untilStates(
  exporters: readonly Exporter[],
  states: readonly string[],
): Promise<void> {
  let found: readonly string[] = [];
  await until(`the states ${states}`, async () => {
    found = await Promise.all(exporters.map(stateOf));
    return found.join() === states.join() ? true : null;
  }).catch((cause) => {
    throw new Error(`The states are ${found.join("; ")}`, { cause });
  });
}

for (const release of ["bookworm", "trixie"] satisfies readonly Release[]) {
  const hasUtmp = release === "bookworm";

  testNeeding(
    await systemNeeds(release),
    `${release}: sessions are known while logind runs, and unknown to it while it is stopped`,
    async () => {
      await using system = await bootSystem(release);
      await using stack = new AsyncDisposableStack();
      const exporters = await exportersOf(system, stack);
      const up = [hasUtmp ? "logind 1, utmp 1: 1" : "logind 1: 1", "logind 1: 1", "logind 1: 1"];
      const first = await system.login({ terminal: true });
      await untilStates(exporters, up);
      await system.run("systemctl restart systemd-logind");
      await untilStates(exporters, up);

      // A stopped logind leaves its files behind. Only what sees systemd's own files can know.
      await system.run("systemctl mask --runtime --now systemd-logind");
      await untilStates(exporters, [
        hasUtmp ? "utmp 1: 1" : "logind 0, utmp 0: unknown",
        "logind 0: unknown",
        "logind 1: 1",
      ]);
      await system.run("systemctl unmask --runtime systemd-logind");
      await system.run("systemctl start systemd-logind");
      await first.logout();
      const second = await system.login({ terminal: true });
      await untilStates(exporters, up);
      await second.logout();
      await untilStates(exporters, up.map((state) => state.replace(/1$/, "0")));
    },
  );

  testNeeding(
    await systemNeeds(release),
    `${release}: where logind is masked it is down, and no session is counted without utmp`,
    async () => {
      await using system = await bootSystem(release, MASK);
      await using stack = new AsyncDisposableStack();
      const exporters = await exportersOf(system, stack);
      await system.login({ terminal: true });
      await untilStates(exporters, [
        hasUtmp ? "utmp 1: 1" : "logind 0, utmp 0: unknown",
        "logind 0: unknown",
        "logind 0: unknown",
      ]);
    },
  );
}
