import { Peer } from "./peer.ts";

export interface LoginOptions {
  /** Whether to request a terminal. */
  readonly terminal: boolean;
  /** Who logs in; by default the test user. */
  readonly user?: string;
  /** The address of the client, of 127.0.0.0/8; by default 127.0.0.1. */
  readonly from?: string;
}

/** An ssh session. Disposing it cuts the connection. */
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

/** Logs in over ssh; returns when the shell of the session has responded. */
export async function logIn(
  { network, key }: {
    /** The network of sshd, as a file for nsenter(1). */
    readonly network: string;
    /** The private key of the users. */
    readonly key: string;
  },
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
  const asked = Date.now();
  const client = new Peer([
    ...["nsenter", `--net=${network}`],
    ...["ssh", "-F", "none", "-i", key, ...options, `${user}@127.0.0.1`],
  ]);
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
