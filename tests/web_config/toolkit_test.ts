import { WebConfigLoader } from "../../lib/web_config/loader.ts";
import { assert, assertEquals } from "../support/assert.ts";
import { makeCertificate } from "../support/certificate.ts";
import { FakeTree } from "../support/fake_tree.ts";
import { TestClock } from "../support/fakes.ts";
import { TOOLKIT_CASES } from "../support/toolkit_cases.ts";

const { cert, key } = makeCertificate();

const FILES = { "/c.pem": cert, "/k.pem": key, "/other.pem": makeCertificate().cert };

for (const { text, toolkit, notes = [], error, why } of TOOLKIT_CASES) {
  const ours = error === undefined ? "starts" : "refuses";
  const verdict = why === undefined
    ? `exporter-toolkit ${ours} too`
    : `${ours}, unlike the toolkit`;
  Deno.test(`${verdict}: ${JSON.stringify(text)}`, async () => {
    assertEquals(ours === toolkit, why === undefined);
    const files = new FakeTree({ ...FILES, "/web.yml": text });
    const outcome = await new WebConfigLoader("/web.yml", { files, clock: new TestClock() }).read();
    if (outcome.ok) {
      assertEquals([ours, ...outcome.value.notes.map(({ setting }) => setting)], [
        "starts",
        ...notes,
      ]);
    } else {
      assertEquals(outcome.error.reason.slice(0, error?.length), error);
    }
  });
}

Deno.test("the table has no duplicates", () => {
  const texts = TOOLKIT_CASES.map(({ text }) => text);
  assertEquals(texts.filter((text, i) => texts.indexOf(text) !== i), []);
});

Deno.test("docs/web-configuration.md lists each difference from exporter-toolkit", async () => {
  const text = (await Deno.readTextFile("docs/web-configuration.md")).replaceAll(/\s+/g, " ");
  for (const { why } of TOOLKIT_CASES) assert(why === undefined || text.includes(`- ${why}`), why);
});
