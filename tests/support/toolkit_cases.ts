/** A web configuration, and what is done with it. */
export interface ToolkitCase {
  readonly text: string;
  /** Which exporters use it, as the heading in the file says. */
  readonly verdict: string;
  /** Whether this exporter uses it. */
  readonly isUsed: boolean;
  /** How it is refused, or the setting that is noted; undefined without either. */
  readonly said?: string;
  /** Why this exporter and exporter-toolkit differ, as docs/web-configuration.md says it. */
  readonly why?: string;
}

const PAIR = "cert_file: c.pem, key_file: k.pem";

const OFFERED = ["AES_128_GCM_SHA256", "AES_256_GCM_SHA384", "CHACHA20_POLY1305_SHA256"]
  .map((name) => `TLS_ECDHE_ECDSA_WITH_${name}`);

/** The text for a notation of the file, which explains it. */
function textOf(notation: string): string {
  return notation
    .replace("(nothing)", "")
    .replace(/^TLS\((.*)\)$/, `tls_server_config: {${PAIR}, $1}`)
    .replace("OFFERED", OFFERED.join())
    .replaceAll(/HASH\((.*?)\)/g, (_, version) => `$${version}$${"a".repeat(53)}`)
    .replaceAll("⏎", "\n").replaceAll("⇥", "\t");
}

function casesOf(line: string, verdict: string): readonly ToolkitCase[] {
  const [, notation = "", said, why] =
    /^(.*?)(?: {2}=> {2}(.*?))?(?: {2}-- {2}(.*))?$/.exec(line) ?? [];
  const [, before = notation, choices = "", after = ""] = /^(.*)‹(.*)›(.*)$/.exec(notation) ?? [];
  const isUsed = /^Both use|^Only this exporter uses|: it uses/.test(verdict);
  return choices.split(" | ").map((choice) => ({
    text: textOf(before + choice + after),
    ...{ verdict, isUsed, ...(said && { said }), ...(why && { why }) },
  }));
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
