import { Deno as shim } from "@deno/shim-deno";
import { type Stats, writeSync } from "node:fs";
import { lstat, open, stat } from "node:fs/promises";
import process from "node:process";
import type { Output } from "../lib/cli/output.ts";
import type { FileState } from "../lib/files/files.ts";
import type { OpenFile } from "../lib/files/open_file.ts";

/** The error codes of Node for the errors of Deno. Node has no permissions, so NotCapable never occurs. */
const CODES = {
  NotFound: ["ENOENT"],
  NotADirectory: ["ENOTDIR"],
  IsADirectory: ["EISDIR"],
  PermissionDenied: ["EACCES", "EPERM"],
  NotCapable: [],
} satisfies Partial<Record<keyof typeof Deno.errors, readonly string[]>>;

/** A class whose instances are the errors with one of these codes. */
function errorClass(codes: readonly string[]): { [Symbol.hasInstance](error: unknown): boolean } {
  return {
    [Symbol.hasInstance]: (error) =>
      error instanceof Error && "code" in error && codes.some((code) => code === error.code),
  };
}

/** The time between two attempts to write to a full pipe, in milliseconds. */
const PAUSE = 5;

const SLEEPER = new Int32Array(new SharedArrayBuffer(4));

/**
 * A standard stream that waits for a slow reader. Node 20.11 makes pipes non-blocking, so that writing to a full
 * pipe fails with EAGAIN.
 */
function patientStream(descriptor: number): Output {
  return {
    writeSync: (bytes) => {
      for (;;) {
        try {
          return writeSync(descriptor, bytes);
        } catch (error) {
          if (!(error instanceof Error && "code" in error && error.code === "EAGAIN")) throw error;
          Atomics.wait(SLEEPER, 0, 0, PAUSE);
        }
      }
    },
  };
}

/** Like the function of the shim, but with `ctime`, which distinguishes two versions of a file. */
function fileState(stats: Stats): FileState & Pick<Deno.FileInfo, "isSocket" | "mode"> {
  const { size, atime, mtime, ctime, dev, ino, mode } = stats;
  const isFile = stats.isFile();
  const isDirectory = stats.isDirectory();
  const isCharDevice = stats.isCharacterDevice();
  const isSocket = stats.isSocket();
  return { isFile, isDirectory, isCharDevice, isSocket, size, atime, mtime, ctime, dev, ino, mode };
}

/** An open file with a position, as Deno has it. */
async function openFile(path: string): Promise<OpenFile> {
  const handle = await open(path, "r");
  let position = 0;
  return {
    stat: async () => fileState(await handle.stat()),
    seek: (offset) => Promise.resolve(position = offset),
    read: async (buffer) => {
      const { bytesRead } = await handle.read(buffer, 0, buffer.length, position);
      position += bytesRead;
      return bytesRead === 0 ? null : bytesRead;
    },
    close: () => void handle.close().catch(() => {}),
  };
}

/** The architectures of Node, with the names of Deno or of the kernel. */
const ARCHITECTURES: Readonly<Record<string, string>> = {
  arm: "armv7",
  arm64: "aarch64",
  x64: "x86_64",
};

/** A variable. Throws like Deno if it is not UTF-8; Node replaces the bytes with U+FFFD. */
function variable(name: string): string | undefined {
  const value = process.env[name];
  if (value?.includes("\uFFFD")) {
    throw new TypeError(`Cannot read the environment variable ${name}: it is not UTF-8`);
  }
  return value;
}

/** The Deno functions that the program uses: the shim, and what it lacks or does differently. */
export const DENO = {
  ...shim,
  env: { get: variable },
  stat: async (path: string) => fileState(await stat(path)),
  lstat: async (path: string) => fileState(await lstat(path)),
  open: openFile,
  cpuUsage: () => process.cpuUsage(),
  stdout: patientStream(1),
  stderr: patientStream(2),
  errors: Object.fromEntries(
    Object.entries(CODES).map(([name, codes]) => [name, errorClass(codes)]),
  ),
  version: { ...shim.version, deno: `node-${process.versions.node}` },
  build: { ...shim.build, arch: ARCHITECTURES[process.arch] ?? process.arch },
};

Object.assign(globalThis, { Deno: DENO });
