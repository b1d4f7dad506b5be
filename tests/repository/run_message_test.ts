// What tools/run.sh says before it starts the exporter, with stand-ins for Deno, who and loginctl.
import { assertEquals, assertStringIncludes } from "../support/assert.ts";
import { run } from "../support/program.ts";
import { tempDir } from "../support/temp_dir.ts";

const SAMPLE = 'make run ARGS="--source=utmp --utmp-path=tests/fixtures/x86_64.utmp"';

/** Runs the script on a machine whose /run has these entries and where `who` and `loginctl` print these lines. */
async function messages(
  { entries, who = "", sessions = "", args = [] }: {
    readonly entries: readonly string[];
    readonly who?: string;
    readonly sessions?: string;
    readonly args?: readonly string[];
  },
): Promise<string> {
  await using dir = await tempDir();
  const programs = {
    deno: 'case $1 in --version) echo "deno 2.9.6";; *) echo "$*";; esac',
    who: `printf %s '${who}'`,
    loginctl: `printf %s '${sessions}'`,
  };
  for (const [name, script] of Object.entries(programs)) {
    await Deno.writeTextFile(dir.join(name), `#!/bin/sh\n${script}\n`);
    await Deno.chmod(dir.join(name), 0o755);
  }
  for (const entry of entries) await Deno.mkdir(dir.join(`run/${entry}`), { recursive: true });
  const env = { PATH: `${dir.join("")}:${Deno.env.get("PATH")}`, RUN: dir.join("run") };
  const { code, stdout, stderr } = await run(["tools/run.sh", ...args], { env });
  assertEquals([code, stdout], [0, ["task -q start", ...args].join(" ") + "\n"]);
  return stderr;
}

Deno.test("make run says where the page is", async () => {
  const text = await messages({ entries: ["utmp"], who: "alice pts/0\n" });
  assertEquals(
    text,
    "The page is at http://localhost:32142/, the metrics are at http://localhost:32142/metrics.\n",
  );
});

Deno.test("make run says that 0 sessions is right when nobody is logged in", async () => {
  for (const entries of [["utmp"], ["systemd/seats/seat0"]]) {
    const text = await messages({ entries });
    assertStringIncludes(text, "Nobody is logged in to this machine: 0 sessions is right.");
    assertStringIncludes(text, SAMPLE);
  }
});

Deno.test("make run knows a session that only logind has", async () => {
  const text = await messages({ entries: ["systemd/seats/seat0"], sessions: "3 1000 alice\n" });
  assertEquals(text.split("\n").length, 2);
});

Deno.test("make run says that a machine without session records has no session metrics", async () => {
  const text = await messages({ entries: [] });
  assertStringIncludes(
    text,
    "This machine has neither utmp nor systemd-logind, so the exporter reports an error and no sessions.",
  );
  assertStringIncludes(text, SAMPLE);
});

Deno.test("make run with flags says nothing", async () => {
  assertEquals(await messages({ entries: [], args: ["--source=utmp"] }), "");
});
