import { assert, assertEquals } from "../support/assert.ts";
import { freePort } from "../support/free_port.ts";
import { btmpSource, dataOf } from "../support/history.ts";
import { type Need, program, ROOT_USER, testNeeding } from "../support/needs.ts";
import { succeed } from "../support/succeed.ts";
import { tempDir } from "../support/temp_dir.ts";

/** The right to see other files than the rest of the machine. */
const MOUNTS: Need = {
  what: "right to mount with unshare",
  isOfMachine: true,
  isMet: () =>
    program("unshare").isMet() &&
    new Deno.Command("unshare", { args: ["--mount", "mount", "-t", "tmpfs", "tmpfs", "/mnt"] })
      .outputSync().success,
};

testNeeding(
  [ROOT_USER, ...["sshd", "ssh", "ssh-keygen", "lastb"].map(program), MOUNTS],
  "wrong passwords over ssh are counted as lastb counts them, and the names that were typed are not kept",
  async () => {
    await using dir = await tempDir();
    const users = ["root", "hunter2", "nobody"];
    const script = "tests/support/failed_ssh_logins.sh";
    const port = String(freePort());
    await succeed("unshare", "--mount", script, dir.join("."), port, ...users);
    const path = dir.join("log/btmp");
    const listed = (await succeed("lastb", "--file", path)).split("\n")
      .filter((line) => line.includes("ssh:notty"));
    assert(listed.length >= 2 * users.length, listed.join("\n"));
    const data = await dataOf(btmpSource(Deno, { path }));
    assertEquals([data.remote, data.local, data.faults], [listed.length, 0, 0]);
    assertEquals(data.byAddress, [{ address: "127.0.0.1", failures: listed.length }]);
    assert(!JSON.stringify(data).includes("hunter2"));
  },
);
