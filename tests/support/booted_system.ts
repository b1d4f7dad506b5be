import { Peer } from "./peer.ts";
import { succeed } from "./succeed.ts";
import { type Login, logIn, type LoginOptions } from "./login.ts";
import { type Release, rootFileSystem } from "./root_file_system.ts";

/** What sets a container up, and takes it down whatever becomes of the test; see there. */
export const CONTAINER = "tests/debian/container.sh";

/** The user that every system has beside root. */
export const TEST_USER = "tess";

/** How long a command may take inside. Ending nsenter would leave it running. */
const LIMIT = ["timeout", "15"];

/** A Debian system that runs in a container of its own. Disposing it powers it off and removes it. */
export interface BootedSystem extends AsyncDisposable {
  readonly release: Release;
  /** The root file system, live, without what is mounted in it. */
  readonly hostRoot: string;
  /** The /run of the system, live. File systems that are mounted below it are not seen. */
  readonly hostRun: string;
  /** A procfs of the system's processes, with the numbers that they have inside. */
  readonly hostProc: string;
  /** A folder with the terminals of the system's /dev: `pts/1` and so on. */
  readonly hostDev: string;
  /** Runs a shell command as root inside, in no session; gives its stdout. */
  readonly run: (command: string) => Promise<string>;
  /** Opens an ssh session. What is still open at the end is cut off. */
  readonly login: (options: LoginOptions) => Promise<Login>;
}

/**
 * Boots a release of Debian that is as new, after a shell command ran in its root file system; comes back
 * when logind and sshd are there.
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
