/**
 * Prints dashboards/alerts.yaml with an annotation `runbook_url` for each alert. The argument is the address of
 * dashboards/README.md where people who are paged can open it; it must be absolute, http or https.
 */
import { alertGroups } from "./alerts.ts";
import { yaml } from "./files.ts";
import { PARAMETERS } from "./parameters.ts";

const [runbook = "", ...others] = Deno.args;
if (!/^https?:$/.test(URL.parse(runbook)?.protocol ?? "") || others.length > 0) {
  const complaint = `RUNBOOK must be an http or https URL, not "${runbook}"\n`;
  await Deno.stderr.write(new TextEncoder().encode(complaint));
  Deno.exit(2);
}
const text = yaml({ groups: alertGroups({ ...PARAMETERS, runbook }) });
await Deno.stdout.write(new TextEncoder().encode(text));
