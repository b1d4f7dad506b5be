/** What a YAML document holds. */
export function parse(content: string): unknown;
