import { formatFor, wantsGzip } from "../../lib/web/negotiation.ts";
import { assertEquals } from "../support/assert.ts";

/** What clients send as Accept: Prometheus with its versions, curl, browsers, and worse. */
const ACCEPTS = [
  [
    "Prometheus 2.5 to 2.48",
    "application/openmetrics-text;version=1.0.0,application/openmetrics-text;version=0.0.1;q=0.75," +
    "text/plain;version=0.0.4;q=0.5,*/*;q=0.1",
    "openmetrics",
  ],
  [
    "Prometheus 3",
    "application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.5," +
    "application/openmetrics-text;version=0.0.1;q=0.4,text/plain;version=1.0.0;escaping=allow-utf-8;" +
    "q=0.3,text/plain;version=0.0.4;q=0.2,*/*;q=0.1",
    "openmetrics",
  ],
  [
    "Prometheus 3 with protobuf first",
    "application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited;q=0.6," +
    "application/openmetrics-text;version=1.0.0;escaping=underscores;q=0.5,text/plain;version=0.0.4;" +
    "q=0.3,*/*;q=0.2",
    "openmetrics",
  ],
  ["Prometheus set to text", "text/plain;version=0.0.4;q=0.5,*/*;q=0.1", "text"],
  [
    "text preferred",
    "text/plain;version=0.0.4,application/openmetrics-text;version=1.0.0;q=0.5",
    "text",
  ],
  [
    "OpenMetrics with a charset",
    "application/openmetrics-text;version=1.0.0; charset=utf-8",
    "openmetrics",
  ],
  ["OpenMetrics of no version", "application/openmetrics-text", "openmetrics"],
  ["OpenMetrics 0.0.1 only", "application/openmetrics-text;version=0.0.1", "text"],
  ["curl", "*/*", "text"],
  ["Firefox", "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", "text"],
  ["a client that takes JSON only", "application/json", "text"],
  ["OpenMetrics refused", "application/openmetrics-text;q=0,*/*", "text"],
  ["nothing readable", ";;q=,,/", "text"],
  ["an empty header", "", "text"],
  ["no header", null, "text"],
] as const;

/** A request with one header, or without. */
function headerOf(name: string, value: string | null): Pick<Headers, "get"> {
  return { get: (asked) => asked === name ? value : null };
}

for (const [what, accept, format] of ACCEPTS) {
  Deno.test(`the format for ${what} is ${format}`, () => {
    assertEquals(formatFor(headerOf("accept", accept)), format);
  });
}

for (
  const [encoding, expected] of [
    ["gzip", true],
    ["gzip, deflate, br, zstd", true],
    ["GZIP", true],
    ["deflate, gzip;q=0.5", true],
    ["*", true],
    ["gzip;q=0", false],
    ["identity", false],
    ["identity, gzip;q=0.5", false],
    ["br", false],
    ["", false],
    [null, false],
  ] as const
) {
  Deno.test(`Accept-Encoding ${encoding}: ${expected ? "gzip" : "plain"}`, () => {
    assertEquals(wantsGzip(headerOf("accept-encoding", encoding)), expected);
  });
}

Deno.test("more headers than the cache holds are negotiated correctly", () => {
  for (let round = 0; round < 2; round++) {
    for (let i = 0; i < 100; i++) {
      const accept = i % 2 === 0 ? `application/openmetrics-text,x/${i}` : `text/plain,x/${i}`;
      const expected = i % 2 === 0 ? "openmetrics" : "text";
      assertEquals(formatFor(headerOf("accept", accept)), expected);
      const encoding = `${i % 2 === 0 ? "gzip" : "br"}, x-${i}`;
      assertEquals(wantsGzip(headerOf("accept-encoding", encoding)), i % 2 === 0);
    }
  }
});
