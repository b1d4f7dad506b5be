import { type TempDir, tempDir } from "./temp_dir.ts";

/** A folder as systemd-logind keeps it, written as it writes: another name first, then a rename. */
export class LogindFolder implements AsyncDisposable {
  readonly #dir: TempDir;

  constructor(dir: TempDir) {
    this.#dir = dir;
  }

  /** What `--logind-path` takes. */
  get path(): string {
    return this.#dir.join("systemd");
  }

  get sessions(): string {
    return `${this.path}/sessions`;
  }

  /** Begins a session, or changes one. */
  async write(id: string, user: string, values = ""): Promise<void> {
    const hidden = `${this.sessions}/.#${id}tmp`;
    const text = `# This is private data. Do not parse.\nUSER=${user}\nCLASS=user\nSTATE=active\n` +
      `TYPE=tty\nREMOTE=1\nREMOTE_HOST=192.0.2.1\nREALTIME=1753280160500000\n${values}`;
    await Deno.writeTextFile(hidden, text);
    await Deno.rename(hidden, `${this.sessions}/${id}`);
  }

  /** Ends a session. */
  async remove(id: string): Promise<void> {
    await Deno.remove(`${this.sessions}/${id}`);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#dir[Symbol.asyncDispose]();
  }
}

/** A folder of a logind that runs and has no sessions. */
export async function logindFolder(): Promise<LogindFolder> {
  const folder = new LogindFolder(await tempDir());
  await Deno.mkdir(folder.sessions, { recursive: true });
  await Deno.mkdir(`${folder.path}/seats`);
  await Deno.writeTextFile(`${folder.path}/seats/seat0`, "IS_SEAT0=1\n");
  return folder;
}
