/**
 * Gives the files of a bundle numbers in the place of their hashes: the bundler hashes the paths of the machine
 * in, and the same sources have to give the same bytes. Arguments: the folder, and its entry.
 */
const [folder = "", entry = ""] = Deno.args;

const IMPORTED = /"\.\/([\w-]+)-[0-9A-Z]{8}\.js"/g;

/** New names by the old ones, in the order in which the files are imported. */
const names = new Map<string, string>([[entry, entry]]);
const texts = new Map<string, string>();

// A map goes on with what is added to it on the way.
for (const [old] of names) {
  const text = await Deno.readTextFile(`${folder}/${old}`);
  texts.set(old, text);
  for (const [imported, name = ""] of text.matchAll(IMPORTED)) {
    const found = imported.slice(3, -1);
    if (!names.has(found)) names.set(found, `${name}-${names.size}.js`);
  }
}
for (const [old, name] of names) {
  const text = texts.get(old)?.replaceAll(
    IMPORTED,
    (imported) => `"./${names.get(imported.slice(3, -1))}"`,
  );
  await Deno.remove(`${folder}/${old}`);
  await Deno.writeTextFile(`${folder}/${name}`, text ?? "");
}
