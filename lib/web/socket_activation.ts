/** Who may connect to a Unix socket: its owner and its group. */
export const SOCKET_MODE = 0o660;

/** The file descriptor of the first socket that is handed over: SD_LISTEN_FDS_START of sd_listen_fds(3). */
const FIRST_DESCRIPTOR = 3;

/** What is asked of the system about the sockets that it hands over. */
export interface SocketHost {
  readonly environment: (name: string) => string | undefined;
  /** The process that the sockets must be meant for. */
  readonly pid: number;
  readonly stat: (path: string) => Promise<Pick<Deno.FileInfo, "isSocket" | "mode">>;
}

/**
 * Finds the sockets that the service manager made and handed over (sd_listen_fds(3)), in the order of
 * their paths. The program makes none itself, as it has no right to write. The function that it gives
 * returns the file descriptor of the next one; it rejects, with a sentence, when there is none for the
 * path or when others than {@link SOCKET_MODE} says may connect.
 */
export function activatedSockets(
  count: number,
  { environment, pid, stat }: SocketHost,
): (path: string) => Promise<number> {
  const isForUs = Number(environment("LISTEN_PID")) === pid;
  const handedOver = isForUs ? Number(environment("LISTEN_FDS")) : 0;
  let next = FIRST_DESCRIPTOR;
  return async (path) => {
    if (handedOver !== count) {
      throw new Error(
        `${handedOver} sockets were handed over for ${count} Unix addresses; start the exporter by a ` +
          `systemd socket unit with ListenStream=${path} and SocketMode=0660`,
      );
    }
    const { isSocket, mode } = await stat(path);
    if (!isSocket) throw new Error("it is no socket");
    const others = (mode ?? 0) & 0o777 & ~SOCKET_MODE;
    if (others !== 0) {
      const found = ((mode ?? 0) & 0o777).toString(8);
      throw new Error(`its mode is 0${found} and lets others in; set SocketMode=0660`);
    }
    return next++;
  };
}
