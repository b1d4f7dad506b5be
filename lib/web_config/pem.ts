import type { TakeNote } from "./note.ts";
import { textAt, type YamlNode } from "./yaml_node.ts";

/** PEM in the configuration itself, or in a file. */
export type Pem =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "file"; readonly path: string };

/**
 * A PEM by its key of tls_server_config; null where it is absent. The file wins where the configuration
 * has both, as in exporter-toolkit.
 */
export function pemAt<Key extends string>(
  section: (key: Key | `${Key}_file`) => YamlNode,
  key: Key,
  note: TakeNote,
): Pem | null {
  const text = textAt(section(key));
  const path = textAt(section(`${key}_file`));
  if (text !== "" && path !== "") {
    const setting = `tls_server_config.${key}`;
    note({ level: "warn", setting, effect: `none; ${key}_file is used` });
  }
  if (path !== "") return { kind: "file", path };
  return text === "" ? null : { kind: "text", text };
}
