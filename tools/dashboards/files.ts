import { dump } from "js-yaml";
import { alertGroups } from "./alerts.ts";
import { FLEET } from "./fleet.ts";
import { HOST } from "./host.ts";
import { PARAMETERS } from "./parameters.ts";
import { RULES } from "./rules.ts";

function json(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}

/** The text of a file of rules. */
export function yaml(value: unknown): string {
  return `# Written by \`make golden\` from tools/dashboards.\n${dump(value, { lineWidth: -1 })}`;
}

/** What Grafana and Prometheus import, by path. */
export const FILES: Readonly<Record<string, string>> = {
  "dashboards/unix-users.json": json(FLEET),
  "dashboards/unix-users-host.json": json(HOST),
  "dashboards/rules.yaml": yaml(RULES),
  "dashboards/alerts.yaml": yaml({ groups: alertGroups(PARAMETERS) }),
};
