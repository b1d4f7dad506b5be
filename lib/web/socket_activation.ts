/** The most permissive mode of a Unix socket: its owner and its group can connect. */
export const SOCKET_MODE = 0o660;

/** The first file descriptor that systemd passes: SD_LISTEN_FDS_START of sd_listen_fds(3). */
const FIRST_DESCRIPTOR = 3;

/** The part of the system that socket activation needs. */
export interface SocketHost {
  readonly environment: (name: string) => string | undefined;
  /** The ID of this process. */
  readonly pid: number;
  readonly stat: (path: string) => Promise<Pick<Deno.FileInfo, "isSocket" | "mode">>;
}

/**
 * Socket activation (sd_listen_fds(3)). systemd creates the sockets, because the program has no permission
 * to write. The result returns the file descriptor of the next socket, in the order of the addresses. It
 * rejects with one sentence if there is no socket for the path, or if its mode is more permissive than
 * {@link SOCKET_MODE}.
 */
export function activatedSockets(
  count: number,
  { environment, pid, stat }: SocketHost,
): (path: string) => Promise<number> {
  const isForUs = Number(environment("LISTEN_PID")) === pid;
  const passed = isForUs ? Number(environment("LISTEN_FDS")) : 0;
  let next = FIRST_DESCRIPTOR;
  return async (path) => {
    if (passed !== count) {
      throw new Error(
        `systemd passed ${passed} sockets for ${count} Unix addresses; start the exporter with a ` +
          `systemd socket unit that has ListenStream=${path} and SocketMode=0660`,
      );
    }
    const { isSocket, mode } = await stat(path);
    if (!isSocket) throw new Error("not a socket");
    const others = (mode ?? 0) & 0o777 & ~SOCKET_MODE;
    if (others !== 0) {
      const found = ((mode ?? 0) & 0o777).toString(8);
      throw new Error(`mode 0${found} gives access to others; set SocketMode=0660`);
    }
    return next++;
  };
}
