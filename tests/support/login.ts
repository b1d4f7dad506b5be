import { Peer } from "./peer.ts";

/** How to log in. */
export interface LoginOptions {
  /** Whether to ask for a terminal, as a person does, or for none, as a program does. */
  readonly terminal: boolean;
  /** Who logs in; the test user unless told. */
  readonly user?: string;
  /** The address to come from, of 127.0.0.0/8; 127.0.0.1 unless told. */
  readonly from?: string;
}

/** An ssh session that lasts until it is logged out. Disposing it cuts the connection. */
export interface Login extends AsyncDisposable {
  readonly user: string;
  /** The terminal that tty(1) names inside, without `/dev/`, such as `pts/1`; null without one. */
  readonly tty: string | null;
  /** The login was after this, in milliseconds since the epoch, ... */
  readonly asked: number;
  /** ... and before this. */
  readonly ready: number;
  /** Types a line into the shell of the session. */
  readonly type: (line: string) => Promise<void>;
  /** Leaves the shell, and waits for the end of the connection. */
  readonly logout: () => Promise<void>;
}

/** What it takes to reach the sshd of a system. */
export interface SshTarget {
  /** The network that it listens in, as a file that nsenter(1) takes. */
  readonly network: string;
  /** The private key that both root and the test user accept. */
  readonly key: string;
}

/** Logs in over ssh; comes back when the shell of the session has answered. */
export async function logIn(
  { network, key }: SshTarget,
  { terminal, user, from }: Required<LoginOptions>,
): Promise<Login> {
  const options = [
    "IdentitiesOnly=yes",
    "BatchMode=yes",
    "StrictHostKeyChecking=no",
    "UserKnownHostsFile=/dev/null",
    `RequestTTY=${terminal ? "force" : "no"}`,
    `BindAddress=${from}`,
  ].flatMap((option) => ["-o", option]);
  const ssh = ["ssh", "-F", "none", "-i", key, ...options, `${user}@127.0.0.1`];
  const asked = Date.now();
  const client = new Peer(["nsenter", `--net=${network}`, ...ssh]);
  try {
    await client.type('echo "<$(tty)>"\n');
    const [, tty = null] = await client.printed(/<(?:\/dev\/(\S+)|not a tty)>/);
    return {
      user,
      tty,
      asked,
      ready: Date.now(),
      type: (line) => client.type(`${line}\n`),
      logout: async () => {
        await client.type("exit\n");
        await client.ended();
      },
      [Symbol.asyncDispose]: () => client[Symbol.asyncDispose](),
    };
  } catch (error) {
    await client[Symbol.asyncDispose]();
    throw error;
  }
}
