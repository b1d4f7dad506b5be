import { assertEquals } from "../assert.ts";
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

/** A Prometheus that scrapes one target each second. Disposing it ends it. */
export interface Prometheus extends AsyncDisposable {
  /** The result of an expression now, in no promised order. */
  readonly query: (expression: string) => Promise<readonly Series[]>;
  /** Waits until an expression has one series with this value. */
  readonly untilIs: (expression: string, value: number) => Promise<void>;
  readonly targets: () => Promise<readonly Target[]>;
}

/** Starts the real Prometheus with the exporter on this port as its only target, job `unix_users`. */
export async function startPrometheus(dir: TempDir, port: number): Promise<Prometheus> {
  const config = dir.join("prometheus.yml");
  const job = { job_name: "unix_users", static_configs: [{ targets: [`127.0.0.1:${port}`] }] };
  // JSON is YAML.
  await Deno.writeTextFile(
    config,
    JSON.stringify({ global: { scrape_interval: "1s" }, scrape_configs: [job] }),
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
  const query = async (expression: string): Promise<readonly Series[]> => {
    const path = `/api/v1/query?query=${encodeURIComponent(expression)}`;
    const { result } = await ask<Vector>(`${origin}${path}`);
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
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  };
}

async function ask<Data>(url: string): Promise<Data> {
  const { status, error, data }: ApiAnswer<Data> = JSON.parse((await get(url)).body);
  assertEquals([status, error], ["success", undefined]);
  return data;
}
