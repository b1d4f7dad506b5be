// The order matters: the program finds what Node lacks when it is loaded.
import "core-js/iterator/find";
import "core-js/promise/with-resolvers";
import "core-js/typed-array/to-base64";
import { DENO } from "./deno.ts";
import { main } from "../main.ts";

// Without `await`: the executable takes CommonJS only.
main(DENO.args).then(DENO.exit);
