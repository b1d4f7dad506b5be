import { chromium, type Page } from "playwright-core";
import { assert, assertEquals, assertStringIncludes } from "../support/assert.ts";
import { startExporter } from "../support/exporter.ts";
import { HOSTILE } from "../support/hostile_records.ts";
import { pathOf, program, testNeeding } from "../support/needs.ts";
import { fixture } from "../support/temp_dir.ts";
import { login, utmpFile } from "../support/utmp_file.ts";

const CHROMIUM = [program("chromium")];

/** The folder for screenshots of the pages. */
const SCREENSHOTS = "dist/screenshots";

/** How the page is displayed: with this width in CSS pixels, a phone below 600. */
interface View {
  readonly width: number;
  readonly scheme: "light" | "dark";
}

const VIEWS: readonly View[] = [360, 1280].flatMap((width) => [
  { width, scheme: "light" },
  { width, scheme: "dark" },
]);

const DOMAINS = ["Network.enable", "Runtime.enable", "Log.enable", "Audits.enable"] as const;

/** Violations of the Content-Security-Policy, errors, messages and exceptions of scripts. */
const COMPLAINTS = [
  ...["Log.entryAdded", "Audits.issueAdded"] as const,
  ...["Runtime.consoleAPICalled", "Runtime.exceptionThrown"] as const,
];

/** Loads the page and saves a screenshot; the page must request nothing else and complain of nothing. */
async function load(page: Page, url: string, screenshot: string): Promise<void> {
  const session = await page.context().newCDPSession(page);
  const requests: string[] = [];
  const complaints: unknown[] = [];
  session.on("Network.requestWillBeSent", ({ request }) => requests.push(request.url));
  for (const event of COMPLAINTS) session.on(event, (complaint) => complaints.push(complaint));
  for (const domain of DOMAINS) await session.send(domain);
  await page.goto(url);
  await page.screenshot({ path: screenshot, fullPage: true });
  assertEquals([requests, complaints], [[url], []]);
}

/** The elements that the page is made of; names of users and hosts add none. */
const ELEMENTS = "A,BODY,H1,HEAD,HTML,META,P,STYLE,TABLE,TBODY,TD,TH,THEAD,TITLE,TR".split(",");

/** The text of each cell of each row, in order. */
const ROWS = `[...document.querySelectorAll("tbody tr")].map((row) =>
  [...row.querySelectorAll("td")].map((cell) => cell.textContent))`;

/** The elements that do not fit into the width of the window. */
const OVERFLOWING = `[...document.querySelectorAll("body *")].filter((element) =>
  element.getBoundingClientRect().right > document.documentElement.clientWidth + 0.5)
  .map((element) => element.outerHTML)`;

/** The colours of the text and of the background. */
const COLOURS = `(() => {
  const sample = document.body.appendChild(document.createElement("p"));
  sample.style.color = "Canvas";
  const colours = [getComputedStyle(document.body).color, getComputedStyle(sample).color];
  sample.remove();
  return colours;
})()`;

/** Checks what is true of the page in any state and any view. */
async function assertSound(page: Page, view: View): Promise<void> {
  assertEquals(await page.evaluate("typeof pwned"), "undefined");
  assertEquals(await page.evaluate("document.title"), "Sessions - unix-user-exporter");
  const elements = `[...new Set([...document.querySelectorAll("*")].map((e) => e.tagName))]`;
  const foreign = (await page.evaluate<readonly string[]>(elements))
    .filter((name) => !ELEMENTS.includes(name));
  assertEquals(foreign, [], "elements from names");
  const attributes = `[...document.querySelectorAll("*")].flatMap((e) => e.getAttributeNames())
    .filter((name) => name.startsWith("on") || name === "src" || name === "style")`;
  assertEquals(await page.evaluate(attributes), []);
  assertEquals(await page.evaluate("document.documentElement.clientWidth"), view.width);
  assertEquals(await page.evaluate("document.documentElement.scrollWidth"), view.width);
  assertEquals(await page.evaluate(OVERFLOWING), []);
  const [text = "", background = ""] = await page.evaluate<readonly string[]>(COLOURS);
  const [light, dark] = view.scheme === "light" ? [background, text] : [text, background];
  assertEquals(light, "rgb(255, 255, 255)");
  assert(/^rgb\((\d{1,2}), \1, \1\)$/.test(dark), dark);
}

/**
 * Opens the page of an exporter on this file in each view, checks it and that it has these texts, and saves a
 * screenshot. Gives the first five cells of each row, which are the same in each view.
 */
async function rowsOf(
  name: string,
  utmpPath: string,
  texts: readonly string[] = [],
): Promise<readonly (readonly string[])[]> {
  await using exporter = await startExporter([`--utmp-path=${utmpPath}`]);
  const executablePath = pathOf("chromium") ?? "";
  await using browser = await chromium.launch({ executablePath, args: ["--no-sandbox"] });
  const url = `http://127.0.0.1:${exporter.port}/`;
  const found: (readonly (readonly string[])[])[] = [];
  for (const view of VIEWS) {
    const viewport = { width: view.width, height: 800 };
    await using page = await browser.newPage({ viewport, colorScheme: view.scheme });
    await load(page, url, `${SCREENSHOTS}/${name}-${view.width}-${view.scheme}.png`);
    await assertSound(page, view);
    const content = await page.evaluate<string>("document.body.innerText");
    for (const text of texts) assertStringIncludes(content, text);
    const rows = await page.evaluate<readonly (readonly string[])[]>(ROWS);
    found.push(rows.map((row) => row.slice(0, 5)));
  }
  const [first = [], ...others] = found;
  for (const rows of others) assertEquals(rows, first);
  return first;
}

testNeeding(CHROMIUM, "a browser displays the sessions", async () => {
  const { pathname } = fixture("x86_64.utmp");
  assertEquals(await rowsOf("sessions", pathname, ["3 sessions of 2 users."]), [
    ["alice", "10.0.0.50", "pts/1", "pty", "2025-07-23 15:45"],
    ["alice", "192.168.1.100", "pts/0", "pty", "2025-07-23 14:16"],
    ["bob", "-", "tty1", "console", "2025-07-23 12:30"],
  ]);
});

testNeeding(CHROMIUM, "a browser displays that nobody is logged in", async () => {
  await using file = await utmpFile([
    { type: "boot_time", line: "~", user: "reboot", seconds: 1 },
  ]);
  const texts = ["No sessions to show.", `Read from utmp at ${file.path}.`];
  assertEquals(await rowsOf("nobody", file.path, texts), []);
});

testNeeding(CHROMIUM, "a browser displays that the source is missing", async () => {
  const path = `/nonexistent/utmp_${"is_not_here_".repeat(10)}`;
  const texts = ["it is not known who is logged in", path];
  assertEquals(await rowsOf("missing", path, texts), []);
});

/** Names that run or load something in a page that takes them for HTML. */
function markup(bait: string): readonly (readonly [user: string, host: string, line: string])[] {
  return [
    ["<script>pwned=1</script>", `<script src="${bait}/script"></script>`, "<h1>pts/20"],
    ["<img src=x onerror=pwned=1>", `<img src="${bait}/image" onerror="pwned=1">`, "pts/21"],
    ["</td></table><form><p>", `"><iframe src="${bait}/frame"></iframe>`, "'onclick='pwned=1"],
    ["<svg/onload=pwned=1>", `<link rel=stylesheet href="${bait}/style">`, "pts/23"],
    ["<!--", `<meta http-equiv=refresh content="0;url=${bait}/refresh">`, "--><b>"],
    ["</title><base href=//a.example>", `<object data="${bait}/object"></object>`, "pts/25"],
    ["javascript:pwned=1", `<a href="javascript:pwned=1" ping="${bait}/ping">x</a>`, "&lt;pts/26"],
    ["W".repeat(32), "W".repeat(256), "W".repeat(32)],
  ];
}

/** The value of a label as it was before the text format escaped it. */
function unescaped(labels: string, name: string): string {
  const value = new RegExp(`${name}="((?:[^"\\\\]|\\\\.)*)"`).exec(labels)?.[1];
  assert(value !== undefined, labels);
  return value.replace(/\\(.)/g, "$1");
}

testNeeding(CHROMIUM, "a browser displays hostile names as text", async () => {
  const loaded: string[] = [];
  const options = { hostname: "127.0.0.1", port: 0, onListen: () => {} };
  await using server = Deno.serve(options, ({ url }) => {
    loaded.push(url);
    return new Response("pwned=1", { headers: { "content-type": "text/javascript" } });
  });
  const names = markup(`http://127.0.0.1:${server.addr.port}`);
  await using file = await utmpFile([
    ...HOSTILE.map(([record]) => record),
    ...names.map(([user, host, line]) => login(user, line, host)),
  ]);
  const expected = [
    ...HOSTILE.map(([, labels]) =>
      ["username", "from", "tty"].map((name) => unescaped(labels, name))
    ),
    ...names.map((name) => [...name]),
  ];
  const rows = await rowsOf("hostile", file.path);
  assertEquals(rows.map((row) => row.slice(0, 3)), expected);
  assertEquals(loaded, []);
});
