import { tempDir } from "./temp_dir.ts";

/** A folder of systemd-logind. Files are written in the same way: under another name, then renamed. */
export interface LogindFolder extends AsyncDisposable {
  /** The value of `--logind-path`. */
  readonly path: string;
  /** The folder of the session files. */
  readonly sessions: string;
  /** Starts or changes a session. */
  readonly write: (id: string, user: string, values?: string) => Promise<void>;
  /** Ends a session. */
  readonly remove: (id: string) => Promise<void>;
}

/** Makes the folder of a logind that runs without sessions. */
export async function logindFolder(): Promise<LogindFolder> {
  const dir = await tempDir();
  const path = dir.join("systemd");
  const sessions = `${path}/sessions`;
  for (const folder of [sessions, `${path}/seats`]) await Deno.mkdir(folder, { recursive: true });
  await Deno.writeTextFile(`${path}/seats/seat0`, "IS_SEAT0=1\n");
  return {
    path,
    sessions,
    write: async (id, user, values = "") => {
      const hidden = `${sessions}/.#${id}tmp`;
      const text = `# This is private data. Do not parse.\nUSER=${user}\nCLASS=user\n` +
        "STATE=active\nTYPE=tty\nREMOTE=1\nREMOTE_HOST=192.0.2.1\n" +
        `REALTIME=1753280160500000\n${values}`;
      await Deno.writeTextFile(hidden, text);
      await Deno.rename(hidden, `${sessions}/${id}`);
    },
    remove: (id) => Deno.remove(`${sessions}/${id}`),
    [Symbol.asyncDispose]: () => dir[Symbol.asyncDispose](),
  };
}
