import { formatFor, wantsGzip } from "../../lib/web/negotiation.ts";
import { assertEquals } from "../support/assert.ts";

/** What clients send as Accept: Prometheus with its versions, curl, browsers, and worse. */
const OPENMETRICS = [
  [
    "Prometheus 2.5 to 2.48",
    "application/openmetrics-text;version=1.0.0,application/openmetrics-text;version=0.0.1;q=0.75," +
    "text/plain;version=0.0.4;q=0.5,*/*;q=0.1",
  ],
  [
    "Prometheus 3",
    "application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.5," +
    "application/openmetrics-text;version=0.0.1;q=0.4,text/plain;version=1.0.0;escaping=allow-utf-8;" +
    "q=0.3,text/plain;version=0.0.4;q=0.2,*/*;q=0.1",
  ],
  [
    "Prometheus 3 with protobuf first",
    "application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited;q=0.6," +
    "application/openmetrics-text;version=1.0.0;escaping=underscores;q=0.5,text/plain;version=0.0.4;" +
    "q=0.3,*/*;q=0.2",
  ],
  ["OpenMetrics with a charset", "application/openmetrics-text;version=1.0.0; charset=utf-8"],
  ["OpenMetrics of no version", "application/openmetrics-text"],
] as const;

const TEXT = [
  ["Prometheus set to text", "text/plain;version=0.0.4;q=0.5,*/*;q=0.1"],
  ["text preferred", "text/plain;version=0.0.4,application/openmetrics-text;version=1.0.0;q=0.5"],
  ["OpenMetrics 0.0.1 only", "application/openmetrics-text;version=0.0.1"],
  ["curl", "*/*"],
  ["Firefox", "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"],
  ["a client that takes JSON only", "application/json"],
  ["OpenMetrics refused", "application/openmetrics-text;q=0,*/*"],
  ["nothing readable", ";;q=,,/"],
  ["an empty header", ""],
  ["no header", null],
] as const;

/** A request with one header, or without. */
function headerOf(name: string, value: string | null): Pick<Headers, "get"> {
  return { get: (asked) => asked === name ? value : null };
}

for (const [format, clients] of [["openmetrics", OPENMETRICS], ["text", TEXT]] as const) {
  for (const [what, accept] of clients) {
    Deno.test(`the format for ${what} is ${format}`, () => {
      assertEquals(formatFor(headerOf("accept", accept)), format);
    });
  }
}

const GZIP = ["gzip", "gzip, deflate, br, zstd", "GZIP", "deflate, gzip;q=0.5", "*"];
const PLAIN = ["gzip;q=0", "identity", "identity, gzip;q=0.5", "br", "", null];

for (const [encodings, expected] of [[GZIP, true], [PLAIN, false]] as const) {
  for (const encoding of encodings) {
    Deno.test(`Accept-Encoding ${encoding}: ${expected ? "gzip" : "plain"}`, () => {
      assertEquals(wantsGzip(headerOf("accept-encoding", encoding)), expected);
    });
  }
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
