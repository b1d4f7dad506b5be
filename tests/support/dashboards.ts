interface Datasource {
  readonly uid: string;
}

/** A panel or the heading of a row, as Grafana reads it. */
export interface Panel {
  readonly id: number;
  readonly type: string;
  readonly title: string;
  readonly description?: string;
  readonly datasource?: Datasource;
  readonly gridPos: Readonly<Record<"x" | "y" | "w" | "h", number>>;
  readonly targets?: readonly {
    readonly refId: string;
    readonly expr: string;
    readonly legendFormat: string;
    readonly datasource: Datasource;
  }[];
  readonly fieldConfig?: {
    readonly defaults: { readonly unit?: string };
    readonly overrides: readonly { readonly matcher: { readonly options: string } }[];
  };
  readonly transformations?: readonly {
    readonly options: { readonly renameByName?: Readonly<Record<string, string>> };
  }[];
}

/** A dashboard, as Grafana reads it. */
export interface Dashboard {
  readonly id: null;
  readonly uid: string;
  readonly title: string;
  readonly description: string;
  readonly tags: readonly string[];
  readonly schemaVersion: number;
  readonly editable: boolean;
  readonly refresh: string;
  readonly templating: {
    readonly list: readonly {
      readonly type: string;
      readonly name: string;
      readonly label: string;
      readonly query: string | { readonly query: string };
      readonly datasource?: Datasource;
      readonly multi?: boolean;
      readonly allValue?: string;
      readonly refresh?: number;
    }[];
  };
  readonly annotations: {
    readonly list: readonly {
      readonly expr: string;
      readonly useValueForTime: boolean;
      readonly datasource: Datasource;
    }[];
  };
  readonly panels: readonly Panel[];
}

/** The dashboards of the repository, by path. */
export const DASHBOARDS: Readonly<Record<string, Dashboard>> = Object.fromEntries(
  await Promise.all(
    ["dashboards/unix-users.json", "dashboards/unix-users-host.json"].map(async (path) =>
      [path, JSON.parse(await Deno.readTextFile(path))] as const
    ),
  ),
);

/** The panels without the headings of rows. */
export function shownPanels({ panels }: Dashboard): readonly Panel[] {
  return panels.filter(({ type }) => type !== "row");
}

/** The queries of all panels, as `TITLE/REF_ID` and the expression. */
export function queriesOf(dashboard: Dashboard): readonly (readonly [string, string])[] {
  return shownPanels(dashboard).flatMap(({ title, targets = [] }) =>
    targets.map(({ refId, expr }) => [`${title}/${refId}`, expr] as const)
  );
}

/** Every expression of a dashboard: of its panels and of its annotations. */
export function expressionsOf(dashboard: Dashboard): readonly string[] {
  const annotations = dashboard.annotations.list.map(({ expr }) => expr);
  return [...queriesOf(dashboard).map(([, expr]) => expr), ...annotations];
}

/** An expression as Grafana sends it with all jobs and instances selected; times in seconds. */
export function fill(
  expr: string,
  { interval, range }: { readonly interval: number; readonly range: number },
): string {
  return expr
    .replaceAll(/\$__(rate_)?interval/g, `${interval}s`)
    .replaceAll("$__range", `${range}s`)
    .replaceAll(/\$(job|instance)/g, ".+");
}
