// The order matters: these define what Node lacks before the program is loaded.
import "core-js/iterator/find";
import "core-js/promise/with-resolvers";
import "core-js/typed-array/to-base64";
import { DENO } from "./deno.ts";
import process from "node:process";
import { keepAnswersWhole } from "./http.ts";
import { main } from "../main.ts";

keepAnswersWhole();
// Node prints that node:sqlite is experimental, in lines that are not lines of the log. Other warnings stay.
process.removeAllListeners("warning");
process.on("warning", (warning) => {
  if (warning.name !== "ExperimentalWarning") process.stderr.write(`${warning}\n`);
});
// Node exits if only a timeout of AbortSignal is pending, as while a long response pauses for other work.
setInterval(() => {}, 2 ** 30);
// Without `await`: the executable takes CommonJS only.
main(DENO.args).then(DENO.exit);
