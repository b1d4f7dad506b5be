import { LAYOUTS } from "../../lib/utmp/layout.ts";
import { assert, assertEquals } from "../support/assert.ts";
import { startOutside } from "../support/booted_exporter.ts";
import { bootSystem } from "../support/booted_system.ts";
import { program, testNeeding } from "../support/needs.ts";
import { seriesOf, valueOf } from "../support/samples.ts";
import { succeed } from "../support/succeed.ts";
import { systemNeeds } from "../support/system_needs.ts";
import { until } from "../support/wait.ts";

type DumpedRecord =
  & Readonly<Record<"type" | "pid" | "user" | "line" | "host" | "address", string>>
  & { readonly time: number };

/** The records as utmpdump(1) prints them, with the time in seconds since the epoch. */
async function dumpedRecords(path: string): Promise<readonly DumpedRecord[]> {
  const lines = (await succeed("utmpdump", path)).trimEnd().split("\n");
  return lines.filter((line) => line.startsWith("[")).map((text) => {
    const fields = [...text.matchAll(/\[(.*?)\]/g)].map(([, field = ""]) => field.trim());
    const [type = "", pid = "", , user = "", line = "", host = "", address = "", date = ""] =
      fields;
    const [, seconds = "", microseconds = "", zone = ""] = /^(.*),(\d{6})(.*)$/.exec(date) ?? [];
    const time = Date.parse(`${seconds}${zone}`) / 1000 + Number(microseconds) / 1e6;
    return { type, pid: String(Number(pid)), user, line, host, address, time };
  });
}

/** The sessions that who(1) lists, as `user line minute host`. */
async function whoLists(path: string): Promise<readonly string[]> {
  const rows = (await succeed("who", path)).trimEnd().split("\n");
  return rows.map((row) => row.replaceAll(/\s+/g, " ").replaceAll(/[()]/g, ""));
}

const LIVE = "7";
const DEAD = "8";
const INFO = "unix_user_session_info";

testNeeding(
  [...await systemNeeds("bookworm"), ...["utmpdump", "who"].map(program)],
  "a login over ssh is in the next scrape until its logout, is idle, and is stale after a crash",
  async () => {
    await using system = await bootSystem("bookworm");
    const path = `${system.hostRun}/utmp`;
    await using exporter = await startOutside(system, "utmp");
    const infos = async (): Promise<readonly string[]> => seriesOf(await exporter.scrape(), INFO);
    const recordOf = (line: string | null, type: string): Promise<DumpedRecord> =>
      until(`a record of type ${type} on ${line}`, async () => {
        const records = await dumpedRecords(path);
        return records.find((record) => record.line === line && record.type === type) ?? null;
      });
    assertEquals(await infos(), []);

    const start = Date.now() / 1000;
    const first = await system.login({ terminal: true, user: "root" });
    const record = await recordOf(first.tty, LIVE);
    const scrape = await exporter.scrape();
    assert(start <= record.time && record.time <= Date.now() / 1000, `logged in at ${record.time}`);
    const { user, host, address } = record;
    assertEquals([user, host, address], ["root", "127.0.0.1", "127.0.0.1"]);
    const minute = new Date(record.time * 1000).toISOString().slice(0, 16).replace("T", " ");
    const labels = `username="root",from="127.0.0.1",tty="${first.tty}"`;
    const info = `${INFO}{${labels},login_time="${minute}"} 1`;
    assertEquals(seriesOf(scrape, INFO), [info]);
    const timestamp = "unix_session_login_timestamp_seconds";
    assertEquals(seriesOf(scrape, timestamp), [`${timestamp}{${labels}} ${record.time}`]);
    assertEquals(await whoLists(path), [`root ${first.tty} ${minute} 127.0.0.1`]);

    const second = await system.login({ terminal: true, user: "root" });
    const { pid } = await recordOf(second.tty, LIVE);
    const both = await infos();
    assertEquals(both.length, 2);
    assert(both.some((line) => line.includes(`from="127.0.0.1",tty="${second.tty}"`)));
    assert(first.tty !== second.tty);

    await first.logout();
    await recordOf(first.tty, DEAD);
    assertEquals(await infos(), both.filter((line) => line !== info));
    assertEquals(valueOf(await exporter.scrape(), "unix_users_logged_in_total"), 1);

    await system.run(`touch -a -d '5 minutes ago' /dev/${second.tty}`);
    const idle = valueOf(await exporter.scrape(), "unix_session_idle_seconds");
    assert(300 <= idle && idle < 330, `${idle}`);
    assertEquals(valueOf(await exporter.scrape(), "unix_stale_sessions"), 0);

    // As in a crash: no process is left to write the end of the session. The second may end with the first.
    await system.run(`kill -KILL $(ps -o ppid= -p ${pid}) ${pid} || true`);
    await until("the end of the process", async () => {
      const state = await system.run(`ps -o stat= -p ${pid} || true`);
      return /^(Z.*)?$/.test(state.trim()) ? true : null;
    });
    // A change of the file, such as an empty record, checks processes at once instead of after 15 s.
    const empty = new Uint8Array(LAYOUTS[Deno.build.arch === "aarch64" ? "400le" : "384le"].size);
    await Deno.writeFile(path, empty, { append: true });
    await until("the stale session", async () => {
      const text = await exporter.scrape();
      const isStale = valueOf(text, "unix_stale_sessions") === 1;
      return isStale && seriesOf(text, INFO).length === 0 ? true : null;
    });
    const live = (await dumpedRecords(path)).filter(({ type }) => type === LIVE);
    assertEquals(live.map(({ line }) => line), [second.tty], "nobody wrote its end");
  },
);
