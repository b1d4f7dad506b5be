import { load } from "js-yaml";

/** A rule that stores the result of an expression as a series. */
export interface RecordingRule {
  readonly record: string;
  readonly expr: string;
}

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
  readonly rules: readonly (RecordingRule | Alert)[];
}

/** The files of rules, relative to the root of the repository. */
export const RULE_FILES: readonly string[] = ["dashboards/rules.yaml", "dashboards/alerts.yaml"];

/** The groups of a file of rules. */
export async function readGroups(path: string): Promise<readonly RuleGroup[]> {
  const { groups } = load(await Deno.readTextFile(path)) as {
    readonly groups: readonly RuleGroup[];
  };
  return groups;
}

/** The groups of all files. */
export async function readAllGroups(): Promise<readonly RuleGroup[]> {
  return (await Promise.all(RULE_FILES.map(readGroups))).flat();
}

/** The alerts of all files. */
export async function readAlerts(): Promise<readonly Alert[]> {
  const rules = (await readAllGroups()).flatMap((group) => group.rules);
  return rules.flatMap((rule) => "alert" in rule ? [rule] : []);
}
