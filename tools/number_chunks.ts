/**
 * Replaces the hashes in the file names of a bundle by numbers. The hashes depend on paths of the machine,
 * and the same sources must give the same bytes. Arguments: the folder, and its entry.
 */
const [folder = "", entry = ""] = Deno.args;

const IMPORTED = /"\.\/([\w-]+)-[0-9A-Z]{8}\.js"/g;

/** New names by the old ones, in the order in which the files are imported. */
const names = new Map<string, string>([[entry, entry]]);
const texts = new Map<string, string>();

// The loop also visits entries that are added to the map meanwhile.
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
