import { PATIENCE } from "./wait.ts";

/** The folder of the repository, where `deno task start` runs too. */
const ROOT = new URL("../../", import.meta.url);

/** The flags of V8 that the program runs with, wherever it runs. */
export const V8_FLAGS = (await Deno.readTextFile(new URL("tools/v8-flags.txt", ROOT))).trim();

/** Default variables; the machine may run logind. */
const DEFAULTS: Readonly<Record<string, string>> = { TZ: "UTC", LC_ALL: "C", UUE_SOURCE: "utmp" };

/** Differences from `deno task start`. */
export interface RunOptions {
  /** Variables on top of those of this process; without others, TZ is UTC and the source utmp. */
  readonly env?: Readonly<Record<string, string>>;
  /** A command that runs the program, as `["setpriv", "--bounding-set=-dac_override"]`. */
  readonly prefix?: readonly string[];
}

/** How a run ended. */
export interface Finished {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * The command line of the program: that of `deno task start`, or that of the environment variable EXPORTER, as
 * `qemu-arm-static dist/...`, to run the same tests with the compiled program.
 */
export function programCommand(args: readonly string[]): readonly string[] {
  const exporter = Deno.env.get("EXPORTER") ?? "";
  if (exporter !== "") return [...exporter.split(" "), ...args];
  const deno = [Deno.execPath(), "run", "-q", "-P", "--no-prompt", "--frozen"];
  return [...deno, `--v8-flags=${V8_FLAGS}`, "main.ts", ...args];
}

/** A command in the folder of the repository, without the program's variables of this machine. */
export function command(
  [program = "", ...args]: readonly string[],
  { env = {}, ...options }: RunOptions & Pick<Deno.CommandOptions, "stdin" | "stdout"> & {
    readonly signal?: AbortSignal;
  } = {},
): Deno.Command {
  const inherited = Object.entries(Deno.env.toObject()).filter(([name]) =>
    !name.startsWith("UUE_")
  );
  const { stdin = "null", stdout = "piped", signal } = options;
  return new Deno.Command(program, {
    args: [...args],
    cwd: ROOT,
    clearEnv: true,
    env: { ...Object.fromEntries(inherited), ...DEFAULTS, ...env },
    stdin,
    stdout,
    stderr: "piped",
    ...(signal === undefined ? {} : { signal }),
  });
}

/** Runs a command to its end, at most {@link PATIENCE} ms, with a text as its stdin if there is one. */
export async function run(
  words: readonly string[],
  { input, ...options }: RunOptions & { readonly input?: string } = {},
): Promise<Finished> {
  const signal = AbortSignal.timeout(PATIENCE);
  const stdin = input === undefined ? "null" : "piped";
  const child = command(words, { ...options, signal, stdin }).spawn();
  const written = input === undefined || new Blob([input]).stream().pipeTo(child.stdin);
  const [{ code, stdout, stderr }] = await Promise.all([child.output(), written]);
  const decoder = new TextDecoder("utf-8", { fatal: true });
  return { code, stdout: decoder.decode(stdout), stderr: decoder.decode(stderr) };
}

/** Runs the program to its end, as for the one-shot modes. */
export function runExporter(
  args: readonly string[],
  options: RunOptions = {},
): Promise<Finished> {
  return run([...options.prefix ?? [], ...programCommand(args)], options);
}
