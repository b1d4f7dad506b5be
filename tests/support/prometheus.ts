import { assertEquals } from "./assert.ts";
import { get } from "./get.ts";
import { Peer } from "./peer.ts";
import type { TempDir } from "./temp_dir.ts";
import { until } from "./wait.ts";

/** A series as Prometheus stores it, with the value that it has now. */
export interface Series {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** What the API says about a target. */
export interface Target {
  readonly health: string;
  readonly lastError: string;
}

interface ApiAnswer<Data> {
  readonly status: string;
  readonly error?: string;
  readonly data: Data;
}

interface Vector {
  readonly result: readonly {
    readonly metric: Readonly<Record<string, string>>;
    readonly value: readonly [number, string];
  }[];
}

/** An alert that is pending or firing. */
export interface ActiveAlert {
  readonly labels: Readonly<Record<string, string>>;
  readonly state: "pending" | "firing";
}

/** A Prometheus that scrapes its targets each second. Disposing it ends it. */
export interface Prometheus extends AsyncDisposable {
  /** The result of an expression, now or at a time since the epoch in seconds, in no promised order. */
  readonly query: (expression: string, at?: number) => Promise<readonly Series[]>;
  /** Waits until an expression has one series with this value. */
  readonly untilIs: (expression: string, value: number) => Promise<void>;
  readonly targets: () => Promise<readonly Target[]>;
  readonly alerts: () => Promise<readonly ActiveAlert[]>;
}

/**
 * Starts the real Prometheus with the exporters on these ports as its targets, job `unix_users`. It keeps
 * its data in the folder `data`.
 */
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
  const config = dir.join("prometheus.yml");
  const targets = ports.map((port) => `127.0.0.1:${port}`);
  const job = { job_name: "unix_users", static_configs: [{ targets }], ...settings };
  // JSON is YAML.
  await Deno.writeTextFile(
    config,
    JSON.stringify({
      global: { scrape_interval: "1s", evaluation_interval: "1s" },
      scrape_configs: [job, ...otherJobs],
      rule_files: ruleFiles,
    }),
  );
  const server = new Peer([
    "prometheus",
    `--config.file=${config}`,
    `--storage.tsdb.path=${dir.join("data")}`,
    "--web.listen-address=127.0.0.1:0",
  ]);
  try {
    const [, address] = await server.printed(/msg="Listening on" address=(\S+)/);
    await server.printed(/msg="Server is ready to receive web requests\."/);
    return clientOf(server, `http://${address}`);
  } catch (error) {
    await server[Symbol.asyncDispose]();
    throw error;
  }
}

function clientOf(server: Peer, origin: string): Prometheus {
  const query = async (expression: string, at?: number): Promise<readonly Series[]> => {
    const parameters = { query: expression, ...(at === undefined ? {} : { time: `${at}` }) };
    const { result } = await ask<Vector>(
      `${origin}/api/v1/query?${new URLSearchParams(parameters)}`,
    );
    return result.map(({ metric, value: [, value] }) => ({ labels: metric, value: Number(value) }));
  };
  return {
    query,
    untilIs: (expression, value) =>
      until(`${expression} to be ${value}`, async () => {
        const [series, ...others] = await query(expression);
        return series?.value === value && others.length === 0 ? true : null;
      }).then(() => {}),
    targets: async () =>
      (await ask<{ readonly activeTargets: readonly Target[] }>(`${origin}/api/v1/targets`))
        .activeTargets,
    alerts: async () =>
      (await ask<{ readonly alerts: readonly ActiveAlert[] }>(`${origin}/api/v1/alerts`)).alerts,
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  };
}

async function ask<Data>(url: string): Promise<Data> {
  const { status, error, data }: ApiAnswer<Data> = JSON.parse((await get(url)).body);
  assertEquals([status, error], ["success", undefined]);
  return data;
}
