/**
 * Converts the bundle for Node to CommonJS, which single executables of Node need, in the syntax of Node 20.
 * Arguments: the bundle, and the file to write.
 */
import { build, stop } from "esbuild";

const [bundle = "", outfile = ""] = Deno.args;
const url = "__bundleUrl";

await build({
  entryPoints: [bundle],
  outfile,
  format: "cjs",
  platform: "node",
  target: "node20",
  minify: true,
  logLevel: "warning",
  banner: { js: `const ${url} = require("node:url").pathToFileURL(__filename).href;` },
  // The executable has no loader for modules.
  supported: { "dynamic-import": false },
  define: { "import.meta.url": url },
});
await stop();
