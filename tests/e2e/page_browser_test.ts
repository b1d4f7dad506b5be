import type { RecordFields } from "../support/encode_utmp.ts";
import { assert, assertEquals, assertStringIncludes } from "../support/assert.ts";
import { Browser, type Page, type View } from "../support/browser.ts";
import { startExporter } from "../support/exporter.ts";
import { HOSTILE } from "../support/hostile_records.ts";
import { program, testNeeding } from "../support/needs.ts";
import { fixture, tempDir } from "../support/temp_dir.ts";
import { login, writeUtmp } from "../support/utmp_file.ts";

/** Where the screenshots of the pages are left. */
const SCREENSHOTS = "dist/screenshots";

const VIEWS: readonly View[] = [360, 1280].flatMap((width) => [
  { width, scheme: "light" },
  { width, scheme: "dark" },
]);

/** The elements that the page is made of; names of users and hosts add none. */
const ELEMENTS = "A,BODY,H1,HEAD,HTML,META,P,STYLE,TABLE,TBODY,TD,TH,THEAD,TITLE,TR".split(",");

/** The text of each cell of each row, in order. */
const ROWS = `[...document.querySelectorAll("tbody tr")].map((row) =>
  [...row.querySelectorAll("td")].map((cell) => cell.textContent))`;

/** The elements that reach over the right edge of the window. */
const OVERFLOWING = `[...document.querySelectorAll("body *")].filter((element) =>
  element.getBoundingClientRect().right > document.documentElement.clientWidth + 0.5)
  .map((element) => element.outerHTML)`;

/** The colours of the text and of the paper. */
const COLOURS = `(() => {
  const paper = document.body.appendChild(document.createElement("p"));
  paper.style.color = "Canvas";
  const colours = [getComputedStyle(document.body).color, getComputedStyle(paper).color];
  paper.remove();
  return colours;
})()`;

/** What any state of the page has to hold to, in any view. */
async function assertSound(page: Page, { url, view }: { url: string; view: View }): Promise<void> {
  const events = page.events();
  const requests = events.filter(({ method }) => method === "Network.requestWillBeSent")
    .map(({ params }) => (params["request"] as { readonly url: string }).url);
  assertEquals(requests.filter((requested) => requested !== url), [], "requests to elsewhere");
  // Violations of the Content-Security-Policy, errors, messages and exceptions of scripts.
  const complaints = /^(Log\.entryAdded|Audits\.issueAdded|Runtime\.(console|exception)\w+)$/;
  assertEquals(events.filter(({ method }) => complaints.test(method)), []);
  assertEquals(await page.evaluate("typeof pwned"), "undefined");
  assertEquals(await page.evaluate("document.title"), "Sessions - unix-user-exporter");
  const elements = `[...new Set([...document.querySelectorAll("*")].map((e) => e.tagName))]`;
  const foreign = (await page.evaluate<readonly string[]>(elements))
    .filter((name) => !ELEMENTS.includes(name));
  assertEquals(foreign, [], "elements that a name made");
  const attributes = `[...document.querySelectorAll("*")].flatMap((e) => e.getAttributeNames())
    .filter((name) => name.startsWith("on") || name === "src" || name === "style")`;
  assertEquals(await page.evaluate(attributes), []);
  assertEquals(await page.evaluate("document.documentElement.clientWidth"), view.width);
  assertEquals(await page.evaluate("document.documentElement.scrollWidth"), view.width);
  assertEquals(await page.evaluate(OVERFLOWING), []);
  const [text = "", paper = ""] = await page.evaluate<readonly string[]>(COLOURS);
  const [light, dark] = view.scheme === "light" ? [paper, text] : [text, paper];
  assertEquals(light, "rgb(255, 255, 255)");
  assert(/^rgb\((\d{1,2}), \1, \1\)$/.test(dark), dark);
}

/** Opens the page of a running exporter in each view, and leaves a screenshot of each. */
async function read(
  name: string,
  { args, check }: {
    readonly args: readonly string[];
    readonly check: (page: Page) => Promise<void>;
  },
): Promise<void> {
  await using exporter = await startExporter(args);
  await using browser = await Browser.start();
  await Deno.mkdir(SCREENSHOTS, { recursive: true });
  const url = `http://127.0.0.1:${exporter.port}/`;
  for (const view of VIEWS) {
    await using page = await browser.open(url, view);
    const screenshot = `${SCREENSHOTS}/${name}-${view.width}-${view.scheme}.png`;
    await Deno.writeFile(screenshot, await page.screenshot());
    await assertSound(page, { url, view });
    await check(page);
  }
}

/** The user, host and terminal of each row. */
async function namesOf(page: Page): Promise<readonly (readonly string[])[]> {
  return (await page.evaluate<readonly (readonly string[])[]>(ROWS)).map((row) => row.slice(0, 3));
}

async function textOf(page: Page): Promise<string> {
  return await page.evaluate("document.body.innerText");
}

testNeeding([program("chromium")], "a browser shows who is logged in", async () => {
  await read("sessions", {
    args: [`--utmp-path=${fixture("x86_64.utmp").pathname}`],
    check: async (page) => {
      const rows = await page.evaluate<readonly (readonly string[])[]>(ROWS);
      assertEquals(rows.map((row) => row.slice(0, 5)), [
        ["alice", "10.0.0.50", "pts/1", "pty", "2025-07-23 15:45"],
        ["alice", "192.168.1.100", "pts/0", "pty", "2025-07-23 14:16"],
        ["bob", "-", "tty1", "console", "2025-07-23 12:30"],
      ]);
      assertStringIncludes(await textOf(page), "3 sessions of 2 users.");
    },
  });
});

testNeeding([program("chromium")], "a browser shows that nobody is logged in", async () => {
  await using dir = await tempDir();
  const path = dir.join("utmp");
  await writeUtmp(path, [{ type: "boot_time", line: "~", user: "reboot", seconds: 1 }]);
  await read("nobody", {
    args: [`--utmp-path=${path}`],
    check: async (page) => {
      const text = await textOf(page);
      assertStringIncludes(text, "No sessions to show.");
      assertStringIncludes(text, `Read from utmp at ${path}.`);
      assertEquals(await namesOf(page), []);
    },
  });
});

testNeeding([program("chromium")], "a browser shows that the source is missing", async () => {
  await using dir = await tempDir();
  const path = dir.join(`utmp_${"is_not_here_".repeat(10)}`);
  await read("missing", {
    args: [`--utmp-path=${path}`],
    check: async (page) => {
      const text = await textOf(page);
      assertStringIncludes(text, "it is not known who is logged in");
      assertStringIncludes(text, path);
      assertEquals(await namesOf(page), []);
    },
  });
});

/** Names that would make a page run or load something, where it took them for HTML. */
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

testNeeding([program("chromium")], "a browser takes hostile names for text", async () => {
  const baited: string[] = [];
  await using server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen: () => {} },
    (request) => {
      baited.push(request.url);
      return new Response("pwned=1", { headers: { "content-type": "text/javascript" } });
    },
  );
  const names = markup(`http://127.0.0.1:${server.addr.port}`);
  await using dir = await tempDir();
  const path = dir.join("utmp");
  const records: readonly RecordFields[] = [
    ...HOSTILE.map(([record]) => record),
    ...names.map(([user, host, line]) => login(user, line, host)),
  ];
  await writeUtmp(path, records);
  const expected = [
    ...HOSTILE.map(([, labels]) =>
      ["username", "from", "tty"].map((name) => unescaped(labels, name))
    ),
    ...names.map(([user, host, line]) => [user, host, line]),
  ];
  await read("hostile", {
    args: [`--utmp-path=${path}`],
    check: async (page) => {
      assertEquals(await namesOf(page), expected);
    },
  });
  assertEquals(baited, []);
});
