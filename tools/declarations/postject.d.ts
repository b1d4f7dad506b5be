import type { Buffer } from "node:buffer";

/** Adds a resource to an executable file, in place. */
export function inject(
  filename: string,
  resourceName: string,
  resourceData: Buffer,
  options: { readonly sentinelFuse: string },
): Promise<void>;
