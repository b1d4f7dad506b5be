/** The part of `Deno` that reads a file at once. */
type SyncFiles = Pick<typeof Deno, "statSync" | "readFileSync">;

/** The bytes of a time zone file; null if there is no regular file, or it cannot be read. */
export function readZoneFile(files: SyncFiles, path: string): Uint8Array | null {
  try {
    return files.statSync(path).isFile ? files.readFileSync(path) : null;
  } catch {
    return null;
  }
}
