import { WebConfigLoader } from "../../lib/web_config/loader.ts";
import { assert, assertEquals } from "../support/assert.ts";
import { makeCertificate } from "../support/certificate.ts";
import { FakeTree } from "../support/fake_tree.ts";
import { TestClock } from "../support/fakes.ts";
import { readToolkitCases, settingsText } from "../support/toolkit_cases.ts";

const CASES = readToolkitCases();
const { cert, key } = makeCertificate();
const FILES = { "/c.pem": cert, "/k.pem": key, "/other.pem": makeCertificate().cert };

for (const { text, verdict, isUsed, sets, said } of CASES) {
  Deno.test(`${verdict}: ${JSON.stringify(text)}: ${sets} ${said}`, async () => {
    const files = new FakeTree({ ...FILES, "/web.yml": text });
    const outcome = await new WebConfigLoader("/web.yml", { files, clock: new TestClock() }).read();
    assertEquals(outcome.ok, isUsed);
    if (outcome.ok) {
      const notes = outcome.value.notes.map((note) =>
        `${note.level} ${note.setting}: ${note.effect}`
      );
      assertEquals([settingsText(outcome.value, { cert, key }), notes.join(" + ")], [sets, said]);
    } else {
      const { reason } = outcome.error;
      const start = said.replace(/…$/, "");
      assertEquals(
        start === said ? reason.split(" (", 1)[0] : reason.slice(0, start.length),
        start,
      );
      assert(start !== "" && !reason.includes("\n"));
    }
  });
}

Deno.test("the table is complete and has no duplicates", () => {
  const texts = CASES.map(({ text }) => text);
  assertEquals(texts.filter((text, i) => texts.indexOf(text) !== i), []);
  assert(texts.length > 240 && new Set(CASES.map(({ verdict }) => verdict)).size === 6);
});

Deno.test("docs/web-configuration.md lists each difference from exporter-toolkit", async () => {
  const text = (await Deno.readTextFile("docs/web-configuration.md")).replaceAll(/\s+/g, " ");
  for (const { verdict, text: config, why } of CASES) {
    assertEquals(why !== "", /^Only exporter|^Only this exporter uses/.test(verdict), config);
    assert(why === "" || text.includes(`- ${why}`), why);
  }
});
