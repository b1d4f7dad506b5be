import type { TakeNote } from "./note.ts";
import { textAt, type YamlNode } from "./yaml_node.ts";

/** PEM text in the configuration, or a PEM file. */
export type Pem =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "file"; readonly path: string };

/**
 * The PEM of a key of tls_server_config; null if it is absent. If the configuration has both a text and a
 * file, the file is used, as in exporter-toolkit.
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
