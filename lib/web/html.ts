// @ts-types="../declarations/std_html_entities.d.ts"
import { escape } from "@std/html/entities";

/** Text that is HTML. Only {@link html} creates it. */
export interface Html {
  readonly html: string;
}

/** A value in a template: text, which is escaped, HTML, or a list of HTML. */
type Value = string | number | Html | readonly Html[];

/** An HTML template. Escapes every text in it. */
export function html(parts: TemplateStringsArray, ...values: readonly Value[]): Html {
  return { html: String.raw({ raw: parts }, ...values.map(rendered)) };
}

function rendered(value: Value): string {
  if (typeof value === "string" || typeof value === "number") return escape(String(value));
  return "html" in value ? value.html : value.map((each) => each.html).join("\n");
}
