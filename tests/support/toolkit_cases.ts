import type { WebSettings } from "../../lib/web_config/loader.ts";

/** A web configuration, and what is done with it. */
export interface ToolkitCase {
  readonly text: string;
  /** Which exporters use it, as the heading in the file says. */
  readonly verdict: string;
  /** Whether this exporter uses it. */
  readonly isUsed: boolean;
  /** What it sets, as {@link settingsText}. */
  readonly sets: string;
  /** The error or the note. */
  readonly said: string;
  /** Why this exporter and exporter-toolkit differ, as docs/web-configuration.md says it. */
  readonly why: string;
}

const PAIR = "cert_file: c.pem, key_file: k.pem";

const OFFERED = ["AES_128_GCM_SHA256", "AES_256_GCM_SHA384", "CHACHA20_POLY1305_SHA256"]
  .map((name) => `TLS_ECDHE_ECDSA_WITH_${name}`);

/** The salt and the hash of every bcrypt hash here, in which only version and cost matter. */
const REST = "a".repeat(53);

/** The text for a notation of the file, which explains it. */
function textOf(notation: string): string {
  return notation
    .replace("(nothing)", "")
    .replace(/^TLS\((.*)\)$/, `tls_server_config: {${PAIR}, $1}`)
    .replace("OFFERED", OFFERED.join())
    .replaceAll(/HASH\((.*?)\)/g, (_, version) => `$${version}$${REST}`)
    .replaceAll("⏎", "\n").replaceAll("⇥", "\t");
}

const LINE = /^(.*?)(?: {2}sets {2}(.*?))?(?: {2}=> {2}(.*?))?(?: {2}-- {2}(.*))?$/;

function casesOf(line: string, verdict: string): readonly ToolkitCase[] {
  const [, notation = "", sets = "", said = "", why = ""] = LINE.exec(line) ?? [];
  const [, before = notation, choices = "", after = ""] = /^(.*)‹(.*)›(.*)$/.exec(notation) ?? [];
  const isUsed = /^Both use|^Only this exporter uses|: it uses/.test(verdict);
  return choices.split(" | ").map((choice) => {
    const text = textOf(before + choice + after);
    return { text, verdict, isUsed, sets, said, why };
  });
}

/** The cases of `tests/fixtures/web-configurations.txt`. */
export function readToolkitCases(): readonly ToolkitCase[] {
  const file = new URL("../fixtures/web-configurations.txt", import.meta.url);
  const [, ...sections] = Deno.readTextFileSync(file).split("\n## ");
  return sections.flatMap((section) => {
    const [verdict = "", ...lines] = section.split("\n");
    return lines.filter((line) => line !== "").flatMap((line) => casesOf(line, verdict));
  });
}

/** The settings that differ from those of an empty file, without the texts of certificates and hashes. */
export function settingsText(
  { tls, headers, users, rateLimit }: WebSettings,
  pair: { readonly cert: string; readonly key: string },
): string {
  const changes = [
    ...Object.entries(headers).map(([name, value]) => `${name}=${value}`),
    ...[...users].map(([user, hash]) => `user ${JSON.stringify(user)} ${hash.replace(REST, "")}`),
    ...(rateLimit === null ? [] : [`rate ${rateLimit.burst} per ${rateLimit.interval} ms`]),
    ...(tls === null ? [] : [
      tls.cert === pair.cert.trimEnd() && tls.key === pair.key.trimEnd() ? "TLS" : "other TLS",
      ...(tls.minVersion === "TLSv1.2" ? [] : [`from ${tls.minVersion}`]),
      ...(tls.maxVersion === "TLSv1.3" ? [] : [`to ${tls.maxVersion}`]),
      ...(tls.clientAuth === "NoClientCert" ? [] : [tls.clientAuth]),
      ...(tls.clientCa === null ? [] : [`CA certificates ${tls.clientCa.length}`]),
      ...(tls.allowedSans === null ? [] : [`names ${JSON.stringify(tls.allowedSans)}`]),
    ]),
  ];
  return changes.join(" ");
}
