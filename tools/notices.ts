/** Prints the licences of the packages in the program, as their authors wrote them. */
import { programPackages } from "./program_packages.ts";

/** The text of a package's licence; its name if the package has no text. */
async function licenceOf(folder: string): Promise<string> {
  for await (const { name } of Deno.readDir(folder)) {
    if (/^licen[cs]e(\.\w+)?$/i.test(name)) return await Deno.readTextFile(`${folder}/${name}`);
  }
  const { license } = JSON.parse(await Deno.readTextFile(`${folder}/package.json`));
  if (typeof license !== "string") throw new Error(`${folder} has no licence`);
  return license;
}

const notices = await Promise.all(
  [...(await programPackages()).folders].map(async ([key, folder]) =>
    `${key}\n\n${(await licenceOf(folder)).trim()}\n`
  ),
);
const rule = `\n${"-".repeat(80)}\n\n`;
await Deno.stdout.write(new TextEncoder().encode(notices.join(rule)));
