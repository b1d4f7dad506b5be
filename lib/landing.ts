// @ts-types="./declarations/std_html_entities.d.ts"
import { escape } from "@std/html/entities";

/** A template of HTML; every value is text and is escaped. */
function html(parts: TemplateStringsArray, ...values: readonly string[]): string {
  return String.raw({ raw: parts }, ...values.map(escape));
}

/** What the first page shows. Any text is allowed in it. */
export interface Landing {
  readonly version: string;
  readonly telemetryPath: string;
}

/** The first page, at `/`: what this is, and where the metrics are. */
export function landingPage({ version, telemetryPath }: Landing): string {
  return html`
    <!DOCTYPE html>
    <html lang="en">
      <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <title>unix-user-exporter</title>
      </head>
      <body>
        <h1>unix-user-exporter</h1>
        <p>Tells Prometheus who is logged in to this machine.</p>
        <ul>
          <li><a href="${telemetryPath}">Metrics</a></li>
          <li><a href="/-/healthy">Health</a></li>
          <li><a href="/-/ready">Readiness</a></li>
        </ul>
        <p>Version ${version}</p>
      </body>
    </html>
  `;
}
