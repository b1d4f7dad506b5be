import { assert, assertEquals } from "../support/assert.ts";
import { type BootedSystem, bootSystem, TEST_USER } from "../support/booted_system.ts";
import { CONSOLE_LOGIN } from "../support/console_login.ts";
import { startOutside } from "../support/booted_exporter.ts";
import type { Exporter } from "../support/exporter.ts";
import { program, testNeeding } from "../support/needs.ts";
import { seriesOf } from "../support/samples.ts";
import { succeed } from "../support/succeed.ts";
import { systemNeeds } from "../support/system_needs.ts";
import { until } from "../support/wait.ts";

/** The logins of a system, counted by its own programs or by the exporter. */
interface Counts {
  readonly logins: number;
  readonly failed: number;
  /** Failed logins by address, as `address count`, sorted. */
  readonly failedFrom: readonly string[];
}

/** Lines of last(1), lastb(1) and `wtmpdb last` that are no logins. */
const NO_LOGIN = /^(reboot|soft-reboot|shutdown|runlevel)\s|^\S+ (begins|has no entries)|^$/;

/** Logins and wrong passwords that a test has asked for. */
const FAILURES = [["tess", "127.0.0.4"], ["root", "127.0.0.5"], [
  "nobody-here",
  "127.0.0.5",
]] as const;

/** The sum and the lines of a counter in a scrape. */
function valuesOf(scrape: string, name: string): ReadonlyMap<string, number> {
  return new Map(
    seriesOf(scrape, name).map((line) => {
      const end = line.lastIndexOf(" ");
      return [line.slice(name.length, end), Number(line.slice(end + 1))];
    }),
  );
}

function sumOf(scrape: string, name: string): number {
  const values = [...valuesOf(scrape, name).values()];
  return values.length === 0 ? NaN : values.reduce((sum, value) => sum + value, 0);
}

/** What a scrape counts. */
function countsOf(scrape: string): Counts {
  return {
    logins: sumOf(scrape, "unix_logins_total"),
    failed: sumOf(scrape, "unix_failed_logins_total"),
    failedFrom: [...valuesOf(scrape, "unix_failed_logins_by_ip_total")]
      .map(([labels, value]) => `${/"(.*)"/.exec(labels)?.[1]} ${value}`).sort(),
  };
}

/** The lines of a listing that are logins. */
function loginLines(listing: string): readonly string[] {
  return listing.split("\n").map((line) => line.trimEnd()).filter((line) => !NO_LOGIN.test(line));
}

/** What the programs of the system count. `last` is the one for its logins. */
async function countsInside(system: BootedSystem, last: string): Promise<Counts> {
  // Debian 13 has no lastb.
  const btmp = `${system.hostRoot}/var/log/btmp`;
  const failed = loginLines(await succeed("lastb", "-w", "-f", btmp))
    .map((line) => line.split(/\s+/)[2] ?? "");
  const addresses = new Map<string, number>();
  for (const address of failed.filter((word) => /^\d+\.\d+\.\d+\.\d+$/.test(word))) {
    addresses.set(address, (addresses.get(address) ?? 0) + 1);
  }
  return {
    logins: loginLines(await system.run(last)).length,
    failed: failed.length,
    failedFrom: [...addresses].map(([address, count]) => `${address} ${count}`).sort(),
  };
}

/** Tries to log in over ssh from inside. echo(1) answers with the question, which is a wrong password. */
async function failOverSsh(system: BootedSystem, user: string, from: string): Promise<void> {
  const options = [
    "StrictHostKeyChecking=no",
    "UserKnownHostsFile=/dev/null",
    "PubkeyAuthentication=no",
    "NumberOfPasswordPrompts=1",
    `BindAddress=${from}`,
  ].map((option) => `-o ${option}`).join(" ");
  const variables = "SSH_ASKPASS=/bin/echo SSH_ASKPASS_REQUIRE=force";
  const ssh = `setsid -w ssh -F none ${options} ${user}@127.0.0.1 true`;
  const output = await system.run(`${variables} ${ssh} </dev/null 2>&1 || true`);
  assert(output.includes("Permission denied"), output);
}

/** Types a wrong password at login(1), which is ended when it asks for the next user. */
async function failAtTerminal(system: BootedSystem): Promise<void> {
  const typed = "(sleep 1; echo wrong; sleep 7)";
  const output = await system.run(
    `${typed} | timeout 8 script -qec 'login ${TEST_USER}' /dev/null || true`,
  );
  assert(output.includes("Login incorrect"), output);
}

/** A scrape that counts what the system's programs count, after at least so many logins. */
async function scrapeEqual(
  exporter: Exporter,
  { system, last, logins }: {
    readonly system: BootedSystem;
    readonly last: string;
    readonly logins: number;
  },
): Promise<string> {
  const seen: string[] = [];
  const scrape = await until(`${logins} logins, outside as inside`, async () => {
    const [inside, scrape] = [await countsInside(system, last), await exporter.scrape()];
    const outside = countsOf(scrape);
    seen.push(JSON.stringify({ inside, outside }));
    const isEqual = JSON.stringify(inside) === JSON.stringify(outside);
    return isEqual && outside.logins === logins ? scrape : null;
  }, 200).catch((cause) => {
    throw new Error(seen.at(-1), { cause });
  });
  return scrape;
}

/** The last logins that a scrape shows, in seconds since the epoch by user. */
function lastLogins(scrape: string): ReadonlyMap<string, number> {
  const values = valuesOf(scrape, "unix_user_last_login_timestamp_seconds");
  return new Map(
    [...values].map(([labels, value]) => [/"(.*)"/.exec(labels)?.[1] ?? labels, value]),
  );
}

function startWithHistory(
  system: BootedSystem,
  flags: readonly string[],
): Promise<Exporter> {
  const files = ["wtmp", "btmp"].map((name) => `--${name}-path=${system.hostRoot}/var/log/${name}`);
  return startOutside(system, "logind", [...files, ...flags]);
}

testNeeding(
  [...await systemNeeds("bookworm"), program("lastb")],
  "bookworm: logins and wrong passwords are counted as last and lastb inside do",
  async () => {
    await using system = await bootSystem("bookworm", CONSOLE_LOGIN);
    await using exporter = await startWithHistory(system, []);
    const last = "last -w";
    await scrapeEqual(exporter, { system, last, logins: 1 });
    const [first] = await Promise.all([
      system.login({ terminal: true }).then(async (login) => {
        await login.logout();
        return login;
      }),
      failAtTerminal(system),
      ...FAILURES.map(([user, from]) => failOverSsh(system, user, from)),
    ]);
    await using second = await system.login({ terminal: true, from: "127.0.0.3" });
    const scrape = await scrapeEqual(exporter, { system, last, logins: 3 });
    const { failed, failedFrom } = countsOf(scrape);
    assert(failed > FAILURES.length, `${failed} failures, of which one at a terminal`);
    assertEquals(failedFrom.map((line) => line.split(" ")[0]), ["127.0.0.4", "127.0.0.5"]);
    const counters = [...valuesOf(scrape, "unix_logins_total")].filter(([, value]) => value > 0);
    assertEquals(counters, [
      ['{kind="console",remote="false"}', 1],
      ['{kind="pty",remote="true"}', 2],
    ]);
    const time = lastLogins(scrape).get(TEST_USER) ?? NaN;
    assert(first.ready / 1000 <= time && time <= second.ready / 1000, `last login at ${time}`);
  },
);

testNeeding(
  [...await systemNeeds("trixie"), program("lastb")],
  "trixie: logins are counted as wtmpdb inside does, and last logins are those of lastlog2",
  async () => {
    await using system = await bootSystem("trixie", CONSOLE_LOGIN);
    const { hostRoot } = system;
    await using exporter = await startWithHistory(system, [
      `--wtmpdb-path=${hostRoot}/var/log/wtmp.db`,
      `--lastlog2-path=${hostRoot}/var/lib/lastlog/lastlog2.db`,
    ]);
    const last = "wtmpdb last -w";
    await scrapeEqual(exporter, { system, last, logins: 1 });
    await Promise.all([
      system.login({ terminal: true }).then((login) => login.logout()),
      ...FAILURES.map(([user, from]) => failOverSsh(system, user, from)),
    ]);
    await using script = await system.login({ terminal: false, user: "root", from: "127.0.0.2" });
    await using second = await system.login({ terminal: true, from: "127.0.0.3" });
    const scrape = await scrapeEqual(exporter, { system, last, logins: 3 });
    const counters = [...valuesOf(scrape, "unix_logins_total")].filter(([, value]) => value > 0);
    assertEquals(counters, [
      ['{kind="console",remote="false"}', 1],
      ['{kind="pty",remote="true"}', 2],
    ]);

    const listed = await system.run("lastlog2 --active | tail -n +2");
    const users = listed.trim().split("\n").map((line) => line.split(/\s+/)[0] ?? "").sort();
    assertEquals(users, ["root", TEST_USER]);
    assertEquals([...lastLogins(scrape).keys()].sort(), users);
    for (const { user, asked, ready } of [script, second]) {
      const time = lastLogins(scrape).get(user) ?? NaN;
      // lastlog2 has whole seconds.
      assert(Math.floor(asked / 1000) <= time && time <= ready / 1000, `${user} at ${time}`);
    }

    // It moves all rows into another file.
    await system.run("wtmpdb rotate -d 0");
    await scrapeEqual(exporter, { system, last, logins: 0 });
    await using third = await system.login({ terminal: true });
    assert(third.tty !== null);
    await scrapeEqual(exporter, { system, last, logins: 1 });
  },
);
