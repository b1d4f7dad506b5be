import { type Html, html } from "./html.ts";

/** A column of a table. */
export interface Column {
  readonly name: string;
  /** Whether its texts are short and do not wrap. */
  readonly isShort?: boolean;
}

/** A table of texts, with a text for each column in each row. On a narrow screen each cell has the column's name. */
export function tableHtml(
  columns: readonly Column[],
  rows: readonly (readonly (string | number)[])[],
): Html {
  const cell = (text: string | number, { name, isShort = false }: Column): Html =>
    isShort
      ? html`<td data-name="${name}" class="short">${text}</td>`
      : html`<td data-name="${name}">${text}</td>`;
  return html`
    <table>
      <thead>
        <tr>
          ${columns.map(({ name }) => html`<th>${name}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${rows.map((row) =>
          html`<tr>${columns.map((column, i) => cell(row[i] ?? "", column))}</tr>`
        )}
      </tbody>
    </table>
  `;
}
