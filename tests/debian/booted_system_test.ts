import { assert, assertEquals, assertMatch } from "../support/assert.ts";
import { program, testNeeding } from "../support/needs.ts";
import { succeed } from "../support/succeed.ts";
import { until } from "../support/wait.ts";
import { type BootedSystem, bootSystem, TEST_USER } from "../support/booted_system.ts";
import type { Release } from "../support/root_file_system.ts";
import { systemNeeds } from "../support/system_needs.ts";

const RELEASES: readonly Release[] = ["bookworm", "trixie"];

/** The values of each session file of a person, by the name of the file. */
async function sessionFiles(
  { hostRun }: BootedSystem,
): Promise<ReadonlyMap<string, ReadonlyMap<string, string>>> {
  const sessions = new Map<string, ReadonlyMap<string, string>>();
  for await (const { name, isFile } of Deno.readDir(`${hostRun}/systemd/sessions`)) {
    // One that is gone by now, or is only being written, is none.
    if (!isFile || name.startsWith(".")) continue;
    const text = await Deno.readTextFile(`${hostRun}/systemd/sessions/${name}`).catch(() => "");
    const values = new Map(
      [...text.matchAll(/^(\w+)=(.*)$/gm)].map(([, key = "", value = ""]) => [key, value]),
    );
    if (values.get("CLASS") === "user") sessions.set(name, values);
  }
  return sessions;
}

/** The sessions that loginctl(1) lists inside, without the services that run for a user. */
async function listedSessions(system: BootedSystem): Promise<readonly string[]> {
  const lines = (await system.run("loginctl list-sessions --no-legend")).trim().split("\n");
  return lines.filter((line) => line !== "" && !line.includes("manager"))
    .map((line) => line.trim().split(/\s+/)[0] ?? "").sort();
}

/** The user records of utmp as `user line`; null where there is no such file. */
async function utmpUsers({ hostRun }: BootedSystem): Promise<readonly string[] | null> {
  const path = `${hostRun}/utmp`;
  if (!await exists(path)) return null;
  const lines = (await succeed("utmpdump", path)).split("\n");
  return lines.filter((line) => line.startsWith("[7]")).map((line) => {
    const fields = [...line.matchAll(/\[(.*?)\]/g)].map(([, field = ""]) => field.trim());
    return `${fields[3]} ${fields[4]}`;
  });
}

function exists(path: string): Promise<boolean> {
  return Deno.stat(path).then(() => true, () => false);
}

for (const release of RELEASES) {
  const needs = [...await systemNeeds(release), program("utmpdump")];

  testNeeding(needs, `${release}: ssh sessions show in the system's own files`, async () => {
    await using system = await bootSystem(release);
    assertEquals((await sessionFiles(system)).size, 0);
    const typist = await system.login({ terminal: true });
    const script = await system.login({ terminal: false, user: "root", from: "127.0.0.2" });
    assertMatch(typist.tty ?? "", /^pts\/\d+$/);
    assertEquals(script.tty, null);

    const files = await until("two session files", async () => {
      const found = await sessionFiles(system);
      return found.size === 2 ? found : null;
    });
    assertEquals(await listedSessions(system), [...files.keys()].sort());
    const origins = [[typist, "127.0.0.1"], [script, "127.0.0.2"]] as const;
    for (const [{ user, asked, ready }, from] of origins) {
      const values = [...files.values()].find((found) => found.get("USER") === user);
      assertEquals(values?.get("REMOTE_HOST"), from);
      const time = Number(values?.get("REALTIME")) / 1000;
      assert(asked <= time && time <= ready, `${user} logged in at ${time}`);
      const leader = await Deno.readTextFile(`${system.hostProc}/${values?.get("LEADER")}/comm`);
      assertMatch(leader, /^sshd/);
    }
    const terminals = release === "bookworm" ? [`${TEST_USER} ${typist.tty}`] : null;
    assertEquals(await utmpUsers(system), terminals);
    assert((await Deno.stat(`${system.hostDev}/${typist.tty}`)).isCharDevice);

    await Promise.all([typist.logout(), script.logout()]);
    await until("the end of the sessions", async () => {
      const left = [...(await sessionFiles(system)).keys(), ...await listedSessions(system)];
      return left.length === 0 && (await utmpUsers(system) ?? []).length === 0 ? true : null;
    });
  });
}

testNeeding(
  (await Promise.all(RELEASES.map(systemNeeds))).flat(),
  "two systems at a time do not disturb each other, and leave nothing",
  async () => {
    const folders: string[] = [];
    {
      await using one = await bootSystem("bookworm");
      await using other = await bootSystem("trixie");
      folders.push(...[one, other].map(({ hostRun }) => hostRun));
      await one.login({ terminal: true });
      assertEquals((await listedSessions(one)).length, 1);
      assertEquals(await listedSessions(other), []);
    }
    assertEquals(await Promise.all(folders.map(exists)), [false, false]);
  },
);
