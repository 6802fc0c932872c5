// Drives the page in Chromium for tests. It reads one JSON command a line and
// answers each with one JSON line; a command that fails is answered with
// {"ok":false,"error":...} and ends the walk with exit code 1.
//
//   HTTP_URL=http://127.0.0.1:8080 ADMIN_USER=admin ADMIN_PASS=... node walk.mjs
//   {"do":"signin"}                                  or with "user" and "password"
//   {"do":"text","testid":"agent-1002"}              -> {"text":...,"state":...,"count":1}
//   {"do":"wait","testid":"line-fxo1","contains":"ringing","timeout":15000}
//   {"do":"wait","testid":"agent-1002","state":"talking"}   data-state; "gone":true waits for absence
//   {"do":"click","testid":"trial-call"}   {"do":"fill","testid":"trial-number","value":"021"}
//   {"do":"press","testid":"report-from","key":"Enter"}             without testid: where the focus is
//   {"do":"pdf","path":"report.pdf"}                 the page as it is printed on A4
//   {"do":"save","testid":"report-xlsx","path":"report.xlsx"}       clicks a link that saves a file
//   {"do":"file","testid":"sound-file","path":"/tmp/song.wav"}
//   {"do":"select","testid":"trial-release","value":"busy-tone"}
//   {"do":"quiet"}                                   until nothing is being loaded
//   {"do":"lang","lang":"fa"}                        -> {"dir":"rtl"}
//   {"do":"wav","path":"/api/sim/lines/fxo1/heard.wav","tone":1000} -> {"seconds":...,"peak":...,"rms":...,"level":...}
//   {"do":"api","method":"POST","path":"/api/...","body":{}}        -> {"status":...,"body":...}
//   {"do":"eval","script":"document.title"}  {"do":"reload"}  {"do":"goto","path":"/"}  {"do":"offline","on":true}
//   {"do":"size","width":390,"height":844,"dark":true}  {"do":"screenshot","path":"out.png","full":true}
//   {"do":"axe"}                                     accessibility: WCAG 2.2 A and AA; fails on a violation, counts the rules kept
//   {"do":"quit"}
//
// "contains" compares without case. Every wait has a deadline, 15 s unless given.
// Errors on the page's console are an error of the walk's end ("quit" or end of input).
import { readFile } from "node:fs/promises";
import { createInterface } from "node:readline";
import { chromium } from "playwright-core";

const base = process.env.HTTP_URL;
if (!base) throw new Error("HTTP_URL is not set");

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: ["--no-sandbox", "--disable-gpu", "--autoplay-policy=no-user-gesture-required"],
});
const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, locale: "en-GB", ignoreHTTPSErrors: true, reducedMotion: "reduce" });
const page = await context.newPage();
page.setDefaultTimeout(15_000);

const complaints = [];
page.on("pageerror", (e) => complaints.push(String(e)));
page.on("console", (m) => {
  // A refused or lost request is the box's answer, not a fault of the page.
  if (m.type() === "error" && !/Failed to load resource|net::ERR_/.test(m.text())) complaints.push(m.text());
});

// Where on the page a thing is, by the beginning of its test id: whoever looks for it goes
// there, as a person does. What is not named here is at every place.
const homes = [
  ["overview", /^(headline|line-|trunk-|switch-|turn-|day-|hours-state|lines$|phones$|phone-|trial|desk|trouble-)/],
  ["overview calls", /^(recording-\d|call$|calls$|stage$|leg-|explain-now|encrypted|call-hangup|listen|conference|lock-|end-|mute|member-|remove-|recorder)/],
  ["overview queues", /^(queue-\d|queues$|waiting-|agent-|agents$|call-back|held|manage-|first-|move-|take-|usher-)/],
  ["calls", /^(record-(row|ring|wait|talk)|records|explain$|older$)/],
  ["recordings", /^(recording(?!-\d)|find|more-recordings|message|mailbox|voicemail|retention)/],
  ["reports", /^(report|figure-|period-|drill-|contact|explain-contact|more-contacts|bars$|staffing|whatif|not-closed)/],
  ["sounds", /^(sound-(delete|file|name|prompt|rename|sent)|sounds|music)/],
  ["settings/hours", /^(hours-(?!state)|holiday-)/],
  ["settings/queues", /^queue-(?!\d|s$)/],
  ["settings/tones", /^tone/],
  ["tools", /^(rehearsal|trace|ban|turned|protection|certificate)/],
];

async function go(testid) {
  const home = homes.find(([, names]) => names.test(testid))?.[0];
  if (!home || (await page.getByTestId("nav").count()) === 0) return;
  const here = await page.evaluate(() => location.hash.replace(/^#\/?/, "").split("?")[0] || "overview");
  if (home.split(" ").some((p) => here === p || here.startsWith(`${p}/`))) return;
  const [place, ...rest] = home.split(" ")[0].split("/");
  if (!(await at(`nav-${place}`).isVisible())) await at("nav-more").click();
  await at(`nav-${place}`).click();
  for (const page of rest) await at(`${place}-${page}`).click();
}

const at = (testid) => page.getByTestId(testid).first();
const within = (c) => ({ timeout: c.timeout ?? 15_000 });

async function look(testid) {
  const all = page.getByTestId(testid);
  const count = await all.count();
  if (count === 0) return { text: "", state: "", count };
  return { text: (await all.first().innerText()).trim(), state: (await all.first().getAttribute("data-state")) ?? "", count };
}

/** What the far end heard: its length, loudness, and the part of its energy at one tone. */
async function wav({ path, tone }) {
  return page.evaluate(async ({ path, tone }) => {
    const answer = await fetch(path);
    if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
    const view = new DataView(await answer.arrayBuffer());
    const rate = view.getUint32(24, true);
    const n = (view.byteLength - 44) >> 1;
    let peak = 0, energy = 0, re = 0, im = 0;
    for (let i = 0; i < n; i++) {
      const s = view.getInt16(44 + 2 * i, true) / 32768;
      peak = Math.max(peak, Math.abs(s));
      energy += s * s;
      re += s * Math.cos((2 * Math.PI * (tone ?? 0) * i) / rate);
      im += s * Math.sin((2 * Math.PI * (tone ?? 0) * i) / rate);
    }
    return { rate, seconds: n / rate, peak, rms: Math.sqrt(energy / n), ...(tone ? { level: (2 * (re * re + im * im)) / n / (energy || 1) } : {}) };
  }, { path, tone });
}

async function wait(c) {
  await page.waitForFunction(({ testid, contains, state, place, enabled, gone }) => {
    const all = [...document.querySelectorAll(`[data-testid="${CSS.escape(testid)}"]`)];
    const fits = (e) => (contains === undefined || e.innerText.toLowerCase().includes(contains.toLowerCase())) && (state === undefined || e.dataset.state === state) && (place === undefined || e.dataset.place === place) && (enabled === undefined || e.disabled !== enabled);
    return gone ? !all.some(fits) : all.some(fits);
  }, c, within(c)).catch(async (e) => {
    throw new Error(`${JSON.stringify(c)} did not come: ${JSON.stringify(await look(c.testid))} (${e.name})`);
  });
  return look(c.testid);
}

const steps = {
  goto: async (c) => void (await page.goto(base + (c.path ?? "/"))),
  quiet: async () => void (await page.waitForFunction(() => !document.querySelector("[aria-busy=true]"))),
  reload: async () => void (await page.reload()),
  signin: async (c) => {
    if (page.url() === "about:blank") await page.goto(base);
    await at("signin-user").fill(c.user ?? process.env.ADMIN_USER ?? "");
    await at("signin-password").fill(c.password ?? process.env.ADMIN_PASS ?? "");
    await at("signin-submit").click();
    if (c.fails) return wait({ testid: "signin-error", contains: c.contains });
    await wait({ testid: "board", timeout: c.timeout });
  },
  text: (c) => look(c.testid),
  wait,
  click: async (c) => void (await at(c.testid).click(within(c))),
  fill: async (c) => void (await at(c.testid).fill(c.value, within(c))),
  press: async (c) => void (await (c.testid ? at(c.testid).press(c.key) : page.keyboard.press(c.key))),
  pdf: async (c) => void (await page.pdf({ path: c.path, preferCSSPageSize: true, printBackground: true })),
  save: async (c) => {
    const [file] = await Promise.all([page.waitForEvent("download"), at(c.testid).click()]);
    await file.saveAs(c.path);
    return { text: file.suggestedFilename() };
  },
  file: async (c) => void (await at(c.testid).setInputFiles(c.path)),
  select: async (c) => void (await at(c.testid).selectOption(c.value, within(c))),
  lang: async (c) => {
    if ((await page.evaluate(() => document.documentElement.lang)) !== c.lang) await at(`lang-${c.lang}`).click();
    await page.waitForFunction((l) => document.documentElement.lang === l, c.lang);
    return { dir: await page.evaluate(() => getComputedStyle(document.body).direction) };
  },
  wav,
  "eval-wav": wav,
  api: (c) => page.evaluate(async ({ method, path, body }) => {
    const post = method && method !== "GET";
    const answer = await fetch(path, { method: method ?? "GET", ...(post ? { headers: { "Content-Type": "application/json" }, body: JSON.stringify(body ?? {}) } : {}) });
    const text = await answer.text();
    return { status: answer.status, body: answer.headers.get("content-type")?.startsWith("application/json") ? JSON.parse(text) : text };
  }, c),
  eval: async (c) => ({ value: await page.evaluate(c.script) }),
  offline: async (c) => void (await context.setOffline(c.on)),
  size: async (c) => {
    await page.setViewportSize({ width: c.width, height: c.height });
    await page.emulateMedia({ colorScheme: c.dark ? "dark" : "light" });
  },
  axe: async () => {
    const rules = await readFile(new URL("../node_modules/axe-core/axe.min.js", import.meta.url), "utf8");
    const { found, passed } = await page.evaluate(async (rules) => {
      if (!window.axe) (0, eval)(rules); // the page's policy does not bind the debugger
      const { violations, passes } = await window.axe.run(document, { runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"] });
      const found = violations.map((v) => `${v.id}: ${v.nodes.map((n) => `${n.target} ${n.failureSummary}`).slice(0, 4).join("; ")}`);
      return { found, passed: passes.length };
    }, rules);
    if (found.length) throw new Error(found.join(" | ").replaceAll("\n", " "));
    return { count: passed };
  },
  screenshot: async (c) => {
    await page.evaluate(() => document.fonts.ready);
    await page.screenshot({ path: c.path, fullPage: c.full ?? false });
  },
};

const answer = (a) => process.stdout.write(`${JSON.stringify(a)}\n`);
let failed = false;
for await (const line of createInterface({ input: process.stdin })) {
  if (!line.trim()) continue;
  try {
    const command = JSON.parse(line);
    if (command.do === "quit") break;
    const step = steps[command.do];
    if (!step) throw new Error(`unknown command ${command.do}`);
    if (command.testid) await go(command.testid);
    answer({ ok: true, ...(await step(command)) });
  } catch (e) {
    answer({ ok: false, error: String(e.message ?? e).split("\n")[0] });
    failed = true;
    break;
  }
}
await browser.close();
if (!failed) answer(complaints.length ? { ok: false, error: complaints.join("\n") } : { ok: true });
process.exitCode = failed || complaints.length ? 1 : 0;
