import { Peer } from "./peer.ts";
import { succeed } from "./succeed.ts";
import { type Login, logIn, type LoginOptions } from "./login.ts";
import { type Release, rootFileSystem } from "./root_file_system.ts";

/** The script that starts a container, and stops it when the test ends. */
export const CONTAINER = "tests/debian/container.sh";

/** The user of every system, in addition to root. */
export const TEST_USER = "tess";

/** The time limit of a command inside, which would continue after the end of nsenter. */
const LIMIT = ["timeout", "15"];

/** A Debian system that runs in a container of its own. Disposing it powers it off and removes it. */
export interface BootedSystem extends AsyncDisposable {
  readonly release: Release;
  /** The root file system, live, without what is mounted in it. */
  readonly hostRoot: string;
  /** The /run of the system, live, without the file systems that are mounted below it. */
  readonly hostRun: string;
  /** The procfs of the system, with the process ids of the system. */
  readonly hostProc: string;
  /** The terminals of the system: `pts/1` and so on. */
  readonly hostDev: string;
  /** Runs a shell command as root inside, in no session; gives its stdout. */
  readonly run: (command: string) => Promise<string>;
  /** Opens an ssh session, at most until the end of the system. */
  readonly login: (options: LoginOptions) => Promise<Login>;
}

/**
 * Boots a new system, after a shell command in its root file system. Returns when logind and sshd run.
 */
export async function bootSystem(release: Release, prepare = ""): Promise<BootedSystem> {
  const root = await rootFileSystem(release);
  const folder = await Deno.makeTempDir({ prefix: `unix-user-exporter-${release}-` });
  await using started = new AsyncDisposableStack();
  const container = started.use(new Peer([CONTAINER, "boot", root, folder, TEST_USER, prepare]));
  const [, init = ""] = await container.printed(/^init (\d+)$/m);
  await container.printed(/^booted$/m).catch(async (cause) => {
    const log = await Deno.readTextFile(`${folder}/console.log`).catch(() => "");
    throw new Error(`${release} did not boot: ${log}`, { cause });
  });

  const resources = started.move();
  const security = { network: `/proc/${init}/ns/net`, key: `${folder}/key` };
  return {
    release,
    hostRoot: `${folder}/root`,
    hostRun: `${folder}/run`,
    hostProc: `${folder}/proc`,
    hostDev: `${folder}/dev`,
    run: (command) => succeed("nsenter", "-t", init, "--all", ...LIMIT, "sh", "-c", command),
    login: async (options) =>
      resources.use(await logIn(security, { user: TEST_USER, from: "127.0.0.1", ...options })),
    [Symbol.asyncDispose]: () => resources.disposeAsync(),
  };
}
