/** A query of a panel, as Grafana reads it. */
export interface Target {
  readonly refId: string;
  readonly expr: string;
  readonly legendFormat: string;
  readonly instant: boolean;
  readonly format: string;
  readonly datasource: { readonly type: string; readonly uid: string };
}

/** A panel or the heading of a row, as Grafana reads it. */
export interface Panel {
  readonly id: number;
  readonly type: string;
  readonly title: string;
  readonly description?: string;
  readonly datasource?: { readonly type: string; readonly uid: string };
  readonly gridPos: {
    readonly x: number;
    readonly y: number;
    readonly w: number;
    readonly h: number;
  };
  readonly targets?: readonly Target[];
  readonly interval?: string;
  readonly maxDataPoints?: number;
  readonly options?: { readonly sortBy?: readonly { readonly displayName: string }[] };
  readonly fieldConfig?: {
    readonly defaults: {
      readonly unit?: string;
      readonly mappings?: unknown;
      readonly thresholds?: {
        readonly steps: readonly { readonly value: number | null; readonly color: string }[];
      };
      readonly custom?: {
        readonly drawStyle: string;
        readonly stacking: { readonly mode: string };
      };
    };
    readonly overrides: readonly {
      readonly matcher: { readonly options: string };
      readonly properties: readonly { readonly id: string; readonly value: unknown }[];
    }[];
  };
  readonly transformations?: readonly {
    readonly id: string;
    readonly options: {
      readonly renameByName?: Readonly<Record<string, string>>;
      readonly excludeByName?: Readonly<Record<string, boolean>>;
    };
  }[];
}

/** A variable of a dashboard, as Grafana reads it. */
export interface Variable {
  readonly type: string;
  readonly name: string;
  readonly label: string;
  readonly query: string | { readonly query: string };
  readonly datasource?: { readonly uid: string };
  readonly multi?: boolean;
  readonly allValue?: string;
  readonly refresh?: number;
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
  readonly templating: { readonly list: readonly Variable[] };
  readonly annotations: {
    readonly list: readonly {
      readonly expr: string;
      readonly useValueForTime: boolean;
      readonly datasource: { readonly uid: string };
    }[];
  };
  readonly panels: readonly Panel[];
}

/** The dashboards of the repository. */
export const DASHBOARD_PATHS: readonly string[] = [
  "dashboards/unix-users.json",
  "dashboards/unix-users-host.json",
];

/** Reads a dashboard. */
export async function readDashboard(path: string): Promise<Dashboard> {
  return JSON.parse(await Deno.readTextFile(path));
}

/** The panels that show something: all but the headings of rows. */
export function shownPanels({ panels }: Dashboard): readonly Panel[] {
  return panels.filter(({ type }) => type !== "row");
}

/** Every expression that a dashboard asks: of its panels and of its annotations. */
export function expressionsOf(dashboard: Dashboard): readonly string[] {
  return [
    ...shownPanels(dashboard).flatMap(({ targets = [] }) => targets.map(({ expr }) => expr)),
    ...dashboard.annotations.list.map(({ expr }) => expr),
  ];
}
