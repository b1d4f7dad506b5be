import { assert, assertEquals } from "../support/assert.ts";
import { loginctlIds, scrapeWith, startOutside } from "../support/booted_exporter.ts";
import { testNeeding } from "../support/needs.ts";
import { seriesOf, valueOf } from "../support/samples.ts";
import { type BootedSystem, bootSystem, TEST_USER } from "../support/booted_system.ts";
import type { Login } from "../support/login.ts";
import type { Release } from "../support/root_file_system.ts";
import { systemNeeds } from "../support/system_needs.ts";
import { until } from "../support/wait.ts";

const RELEASES: readonly Release[] = ["bookworm", "trixie"];

/** A session in words: user, host, terminal. */
type Place = string;

/** What a metric shows for each session; the value is null for a place that it has no sample of. */
function valuesOf(scrape: string, name: string): ReadonlyMap<Place, number> {
  const sample = /\{username="(.*?)",from="(.*?)",tty="(.*?)".*\} (\S+)$/;
  return new Map(
    seriesOf(scrape, name).map((line) => {
      const [, username, from, tty, value] = sample.exec(line) ?? [];
      return [`${username} ${from} ${tty}`, Number(value)];
    }),
  );
}

/** The sessions of persons that loginctl(1) knows inside: `user host`, and the terminal where it knows it. */
async function loginctlPlaces(system: BootedSystem): Promise<readonly Place[]> {
  const places = await Promise.all((await loginctlIds(system)).map(async (id) => {
    const properties = "-p Name -p RemoteHost -p TTY -p Class";
    // It may have ended since it was listed.
    const text = await system.run(`loginctl show-session ${id} ${properties} || true`);
    const of = (key: string): string => new RegExp(`^${key}=(.*)$`, "m").exec(text)?.[1] ?? "";
    const place = `${of("Name")} ${of("RemoteHost")} ${of("TTY")}`.trimEnd();
    return of("Class").startsWith("user") ? [place] : [];
  }));
  return places.flat().sort();
}

function assertLoginTime(scrape: string, place: Place, { asked, ready }: Login): void {
  const time = valuesOf(scrape, "unix_session_login_timestamp_seconds").get(place) ?? NaN;
  assert(asked / 1000 <= time && time <= ready / 1000, `${place} logged in at ${time}`);
}

for (const release of RELEASES) {
  testNeeding(
    await systemNeeds(release),
    `${release}: the exporter outside shows what loginctl inside says, from login to logout`,
    async () => {
      await using system = await bootSystem(release);
      await using logind = await startOutside(system, "logind");
      await using auto = await startOutside(system, "auto");
      for (const exporter of [logind, auto]) {
        const scrape = await scrapeWith(exporter, []);
        assertEquals(valueOf(scrape, "unix_users_logged_in_total"), 0);
        assertEquals(valueOf(scrape, "unix_stale_sessions"), 0);
      }

      const typist = await system.login({ terminal: true });
      const script = await system.login({ terminal: false, user: "root", from: "127.0.0.2" });
      const typing = `${TEST_USER} 127.0.0.1 ${typist.tty}`;
      const running = "root 127.0.0.2 -";
      const scrape = await scrapeWith(logind, [typing, running]);
      assertEquals(valueOf(scrape, "unix_users_logged_in_total"), 2);
      assertLoginTime(scrape, typing, typist);
      assertLoginTime(scrape, running, script);
      const idle = valuesOf(scrape, "unix_session_idle_seconds");
      assertEquals([...idle.keys()], [typing]);
      assert((idle.get(typing) ?? NaN) < 60, `idle for ${idle.get(typing)} s`);
      assertEquals(seriesOf(scrape, "unix_sessions").filter((line) => !line.endsWith(" 0")), [
        'unix_sessions{kind="pty",remote="true"} 2',
      ]);
      const listed = await loginctlPlaces(system);
      assertEquals(listed.length, 2);
      for (const place of listed) {
        assert([typing, running].some((shown) => shown.startsWith(place)), place);
      }

      // utmp, where it is, knows no session without a terminal; the other is in both, and looks the same.
      const automatic = await scrapeWith(auto, [typing, running]);
      const sources = release === "bookworm" ? ["logind", "utmp"] : ["logind"];
      assertEquals(
        seriesOf(automatic, "unix_user_exporter_source_up"),
        sources.map((source) => `unix_user_exporter_source_up{source="${source}"} 1`),
      );
      const name = "unix_session_login_timestamp_seconds";
      const [one, other] = [scrape, automatic].map((text) =>
        valuesOf(text, name).get(typing) ?? NaN
      );
      assert(Math.abs((one ?? NaN) - (other ?? NaN)) < 1, `logged in at ${one} and at ${other}`);
      assertEquals(
        seriesOf(automatic, "unix_sessions").filter((line) => line.includes('"pty"')),
        seriesOf(scrape, "unix_sessions").filter((line) => line.includes('"pty"')),
      );

      await typist.logout();
      for (const exporter of [logind, auto]) await scrapeWith(exporter, [running]);
      await script.logout();
      for (const exporter of [logind, auto]) await scrapeWith(exporter, []);
      await until(
        "no session in loginctl",
        async () => (await loginctlPlaces(system)).length === 0 ? true : null,
      );
    },
  );
}
