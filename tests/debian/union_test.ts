import { assertEquals } from "../support/assert.ts";
import { testNeeding } from "../support/needs.ts";
import { seriesOf, sessionsOf, valueOf } from "../support/samples.ts";
import { until } from "../support/wait.ts";
import { loginctlIds, scrapeWith, startOutside } from "../support/booted_exporter.ts";
import { type BootedSystem, bootSystem, TEST_USER } from "../support/booted_system.ts";
import { CONSOLE_LOGIN } from "../support/console_login.ts";
import { systemNeeds } from "../support/system_needs.ts";

/** What who(1) inside lists: user and line. */
async function whoLines(system: BootedSystem): Promise<readonly string[]> {
  const lines = (await system.run("who")).trim().split("\n").filter((line) => line !== "");
  return lines.map((line) => line.split(/\s+/, 2).join(" ")).sort();
}

testNeeding(
  await systemNeeds("bookworm"),
  "bookworm: auto shows what who and loginctl know together, each login once",
  async () => {
    await using system = await bootSystem("bookworm", CONSOLE_LOGIN);
    await using exporter = await startOutside(system, "auto");
    const atConsole = `${TEST_USER} - console`;
    await scrapeWith(exporter, [atConsole]);

    const typist = await system.login({ terminal: true });
    const script = await system.login({ terminal: false, user: "root", from: "127.0.0.2" });
    const [typing, running] = [`${TEST_USER} 127.0.0.1 ${typist.tty}`, "root 127.0.0.2 -"];
    const logins = [atConsole, typing, running];
    await scrapeWith(exporter, logins);
    await typist.type("tmux new-session -d 'sleep 600'");
    const pane = await until(
      "the pane of tmux",
      async () =>
        sessionsOf(await exporter.scrape()).find((session) => !logins.includes(session)) ?? null,
    );

    const scrape = await scrapeWith(exporter, [...logins, pane]);
    assertEquals(valueOf(scrape, "unix_users_logged_in_total"), 4);
    assertEquals(valueOf(scrape, "unix_stale_sessions"), 0);
    assertEquals(seriesOf(scrape, "unix_user_exporter_source_up"), [
      'unix_user_exporter_source_up{source="logind"} 1',
      'unix_user_exporter_source_up{source="utmp"} 1',
    ]);
    assertEquals(seriesOf(scrape, "unix_sessions").filter((line) => !line.endsWith(" 0")), [
      'unix_sessions{kind="console",remote="false"} 1',
      'unix_sessions{kind="pty",remote="false"} 1',
      'unix_sessions{kind="pty",remote="true"} 2',
    ]);

    // who knows the pane and not the script, loginctl the script and not the pane.
    const lineOf = (session: string): string => session.replace(/ .* /, " ");
    assertEquals(await whoLines(system), [atConsole, typing, pane].map(lineOf).sort());
    assertEquals((await loginctlIds(system)).length, logins.length);

    // logind learns of terminals when it starts, from utmp; the sessions are the same then.
    await system.run("systemctl restart systemd-logind");
    await scrapeWith(exporter, [...logins, pane]);

    // The server of tmux lives on in the session of the login that began it.
    await typist.logout();
    // Until logind has noticed the end of its leader, the session is stale.
    await until("one closing session", async () => {
      const scrape = await scrapeWith(exporter, [atConsole, running, pane]);
      return valueOf(scrape, "unix_closing_sessions") === 1 ? true : null;
    });
    await system.run("pkill tmux");
    await scrapeWith(exporter, [atConsole, running]);
    await script.logout();
    await system.run("systemctl stop console-getty");
    const empty = await scrapeWith(exporter, []);
    assertEquals(valueOf(empty, "unix_users_logged_in_total"), 0);
    // The exporter sees the end of a process before utmp and logind do.
    await until("nobody in who and loginctl", async () => {
      const inside = [...await whoLines(system), ...await loginctlIds(system)];
      return inside.length === 0 ? true : null;
    });
  },
);
