import { assertEquals } from "./assert.ts";
import { get } from "./get.ts";
import { Peer } from "./peer.ts";
import type { TempDir } from "./temp_dir.ts";
import { until } from "./wait.ts";

type Labels = Readonly<Record<string, string>>;

/** A series with its value. */
export interface Series {
  readonly labels: Labels;
  readonly value: number;
}

/** A Prometheus that scrapes its targets each second. Disposing it ends it. */
export interface Prometheus extends AsyncDisposable {
  /** The result of an expression, now or at a time since the epoch in seconds, in any order. */
  readonly query: (expression: string, at?: number) => Promise<readonly Series[]>;
  /** Waits until an expression has one series with this value. */
  readonly untilIs: (expression: string, value: number) => Promise<void>;
  readonly targets: () => Promise<
    readonly { readonly health: string; readonly lastError: string }[]
  >;
  /** The alerts that are pending or firing. */
  readonly alerts: () => Promise<
    readonly { readonly labels: Labels; readonly state: "pending" | "firing" }[]
  >;
}

/** Starts Prometheus with a job `unix_users` that scrapes these ports. Its data is in the folder `data`. */
export async function startPrometheus(
  dir: TempDir,
  ports: readonly number[],
  { ruleFiles = [], settings = {}, otherJobs = [] }: {
    /** Of the job, as `scheme` and `basic_auth`. */
    readonly settings?: Readonly<Record<string, unknown>>;
    readonly otherJobs?: readonly unknown[];
    readonly ruleFiles?: readonly string[];
  } = {},
): Promise<Prometheus> {
  const path = dir.join("prometheus.yml");
  const targets = ports.map((port) => `127.0.0.1:${port}`);
  const job = { job_name: "unix_users", static_configs: [{ targets }], ...settings };
  const config = {
    global: { scrape_interval: "1s", evaluation_interval: "1s" },
    scrape_configs: [job, ...otherJobs],
    rule_files: ruleFiles,
  };
  // JSON is YAML.
  await Deno.writeTextFile(path, JSON.stringify(config));
  await using made = new AsyncDisposableStack();
  const data = `--storage.tsdb.path=${dir.join("data")}`;
  const server = made.use(
    new Peer(["prometheus", `--config.file=${path}`, data, "--web.listen-address=127.0.0.1:0"]),
  );
  const [, address] = await server.printed(/msg="Listening on" address=(\S+)/);
  await server.printed(/msg="Server is ready to receive web requests\."/);

  const ask = async <Data>(path: string): Promise<Data> => {
    const { status, error, data } = JSON.parse(
      (await get(`http://${address}/api/v1/${path}`)).body,
    );
    assertEquals([status, error], ["success", undefined]);
    return data;
  };
  const query: Prometheus["query"] = async (expression, at) => {
    const time = at === undefined ? {} : { time: `${at}` };
    const { result } = await ask<{
      readonly result: readonly { readonly metric: Labels; readonly value: [number, string] }[];
    }>(`query?${new URLSearchParams({ query: expression, ...time })}`);
    return result.map(({ metric, value: [, value] }) => ({ labels: metric, value: Number(value) }));
  };
  const resources = made.move();
  return {
    query,
    untilIs: async (expression, value) => {
      await until(`${expression} to be ${value}`, async () => {
        const [series, ...others] = await query(expression);
        return series?.value === value && others.length === 0 ? true : null;
      });
    },
    targets: async () => (await ask<{ activeTargets: [] }>("targets")).activeTargets,
    alerts: async () => (await ask<{ alerts: [] }>("alerts")).alerts,
    [Symbol.asyncDispose]: () => resources.disposeAsync(),
  };
}
