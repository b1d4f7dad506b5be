import { load } from "js-yaml";

/** A rule that fires while its expression has a result. */
export interface Alert {
  readonly alert: string;
  readonly expr: string;
  readonly labels: { readonly severity: string };
  readonly annotations: { readonly summary: string; readonly description: string };
}

/** Rules that are evaluated one after the other, each minute unless there is an interval. */
export interface RuleGroup {
  readonly name: string;
  readonly interval?: string;
  /** Alerts, and rules that store the result of an expression as a series. */
  readonly rules: readonly (Alert | { readonly record: string; readonly expr: string })[];
}

/** The files of rules, relative to the root of the repository. */
export const RULE_FILES: readonly string[] = ["dashboards/rules.yaml", "dashboards/alerts.yaml"];

/** The groups of rules in a text. */
export function groupsOf(text: string): readonly RuleGroup[] {
  return (load(text) as { readonly groups: readonly RuleGroup[] }).groups;
}

/** The alerts of groups. */
export function alertsOf(groups: readonly RuleGroup[]): readonly Alert[] {
  return groups.flatMap(({ rules }) => rules).flatMap((rule) => "alert" in rule ? [rule] : []);
}

/** The groups of all files. */
export async function readAllGroups(): Promise<readonly RuleGroup[]> {
  const texts = await Promise.all(RULE_FILES.map((path) => Deno.readTextFile(path)));
  return texts.flatMap(groupsOf);
}

/** The alerts of all files. */
export async function readAlerts(): Promise<readonly Alert[]> {
  return alertsOf(await readAllGroups());
}
