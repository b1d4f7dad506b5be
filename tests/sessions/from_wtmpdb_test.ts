import { originOfWtmpdb } from "../../lib/sessions/from_wtmpdb.ts";
import { assertEquals } from "../support/assert.ts";

const ROWS = [
  ["pts/1", "192.0.2.7", "sshd", "pty", true],
  ["ssh", "192.0.2.7", "sshd", "pty", true],
  ["", "2001:db8::1", "sshd", "pty", true],
  ["tty1", "", "login", "console", false],
  ["tty2", "tty2", "gdm-password", "graphical", false],
  [":0", ":0", "sddm", "graphical", false],
  ["tty7", ":0", "lightdm", "graphical", false],
  ["pts/3", ":pts/2:S.0", "screen", "pty", false],
  ["cron", "", "crond", "other", false],
  ["", "", "", "other", false],
] as const;

for (const [line, host, service, kind, remote] of ROWS) {
  Deno.test(`a login at "${line}" from "${host}" by ${service} is ${kind}, remote ${remote}`, () => {
    assertEquals(originOfWtmpdb({ line, host, service }), { kind, remote });
  });
}
