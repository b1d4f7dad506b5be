/** Creates a single executable of Node. Arguments: the node binary, the blob, the file to write. */
import { Buffer } from "node:buffer";
// @ts-types="./declarations/postject.d.ts"
import { inject } from "postject";

/** The sentinel that node searches for when it starts, from its documentation of single executables. */
const RESOURCE = "NODE_SEA_BLOB";
const FUSE = "NODE_SEA_FUSE_fce680ab2cc467b6e072b8b5df1996b2";

const [node = "", blob = "", output = ""] = Deno.args;
await Deno.copyFile(node, output);
await inject(output, RESOURCE, Buffer.from(await Deno.readFile(blob)), { sentinelFuse: FUSE });
