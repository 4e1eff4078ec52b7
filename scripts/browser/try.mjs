// Drives Chromium through the reports that try.sh made: node try.mjs DIR PICTURES
import { chromium } from "playwright-core";
import { strict as assert } from "node:assert";
import { readFileSync } from "node:fs";

const [dir, pictures] = process.argv.slice(2);
const flags = "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking --disable-component-update --disable-sync";
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM, args: flags.split(" ") });

// Opens a report; any request but the one for it, any message of the console
// and any error of a script is a failure.
async function open(name, { width = 1400, height = 1000, colorScheme = "light", hash = "", javaScriptEnabled = true } = {}) {
  const context = await browser.newContext({ viewport: { width, height }, colorScheme, javaScriptEnabled });
  const page = await context.newPage();
  const url = `file://${dir}/${name}.html`;
  page.on("request", r => assert.equal(r.url().split("#")[0], url, "the page needs nothing else"));
  page.on("console", m => assert.fail(`${name}: ${m.text()}`));
  page.on("pageerror", e => assert.fail(`${name}: ${e}`));
  page.on("dialog", () => assert.fail(`${name}: a dialog`));
  await page.goto(url + hash);
  if (javaScriptEnabled) {
    const wide = await page.evaluate(() => document.documentElement.scrollWidth);
    assert(wide <= width, `${name}: ${wide} px wide on ${width}`);
  }
  return page;
}
// A file with nothing but hints is not on the page.
const onPage = f => f.uses.length || f.changed || f.error || f.warnings || !f.hints;
const json = name => {
  const report = JSON.parse(readFileSync(`${dir}/${name}.json`));
  return { ...report, files: report.files.filter(onPage) };
};
const picture = (page, name) => page.screenshot({ path: `${pictures}/${name}.png` });
const step = text => console.log(`  ${text}`);

// What the page shows: the numbers of visible uses by kind, files and codes.
const seen = page => page.evaluate(() => {
  const shown = e => e.checkVisibility({ contentVisibilityAuto: false });
  const out = { migrated: 0, review: 0, manual: 0, failed: 0, warning: 0, files: [], codes: [], rows: 0 };
  const codes = new Set();
  for (const section of document.querySelectorAll("section")) if (shown(section)) out.files.push(section.dataset.file);
  for (const li of document.querySelectorAll("li")) if (shown(li)) {
    out[li.dataset.kind] += li.querySelectorAll(".use").length;
    if (li.dataset.code) codes.add(li.dataset.code);
  }
  for (const row of document.querySelectorAll(".diff tbody:not(.notes) tr")) if (shown(row)) out.rows++;
  out.codes = [...codes].sort();
  return out;
});
// The same from the JSON report, for the uses and files that a filter keeps.
function expected(report, keep) {
  const out = { migrated: 0, review: 0, manual: 0, files: [], codes: [] };
  const codes = new Set();
  for (const f of report.files) {
    const uses = f.uses.filter(u => keep(u, f));
    for (const u of uses) { out[u.verdict]++; codes.add(u.code); }
    if (uses.length) out.files.push(f.path);
  }
  out.codes = [...codes].sort();
  return out;
}
async function check(page, want) {
  const got = await seen(page);
  for (const key of Object.keys(want)) assert.deepEqual(got[key], want[key], key);
  return got;
}

const report = json("examples");
const { summary } = report;
{
  const page = await open("examples");
  const all = await check(page, expected(report, () => true));
  assert.equal(all.migrated, summary.migrated);
  assert.equal(all.review, summary.review);
  assert.equal(all.manual, summary.manual);
  for (const kind of ["migrated", "review", "manual"])
    assert.equal(await page.locator(`label.${kind} b`).innerText(), String(summary[kind]));
  assert.match(await page.locator("output").innerText(), new RegExp(`^${summary.uses} of ${summary.uses} notes in ${report.files.length} of`));
  assert(!await page.locator("button").isVisible(), "nothing to reset");
  await picture(page, "wide");
  step(`counts: ${summary.uses} uses in ${report.files.length} files, ${all.rows} lines`);

  // One verdict, by clicks.
  await page.locator("label.migrated").click();
  await page.locator("label.review").click();
  const manual = await check(page, expected(report, u => u.verdict === "manual"));
  assert(manual.rows > 0 && manual.rows < all.rows);
  assert.equal(new URL(page.url()).hash, "#kind=manual");
  await picture(page, "by-hand");
  // The address brings the same choice back.
  await check(await open("examples", { hash: "#kind=manual" }), expected(report, u => u.verdict === "manual"));
  // Back to all by the button.
  await page.locator("button").click();
  await check(page, { ...expected(report, () => true), rows: all.rows });
  step("filter by verdict");

  // One file, then one code of it, then nothing.
  const file = report.files.find(f => f.kind === "notebook" && new Set(f.uses.map(u => u.code)).size > 3);
  await page.locator("select[name=file]").selectOption(file.path);
  await check(page, expected(report, (u, f) => f === file));
  const code = file.uses.at(-1).code;
  await page.locator("select[name=code]").selectOption(code);
  await check(page, expected(report, (u, f) => f === file && u.code === code));
  for (const kind of ["migrated", "review", "manual"]) await page.locator(`label.${kind}`).click();
  await check(page, { files: [], rows: 0 });
  assert(await page.locator("#none").isVisible(), "it says that nothing fits");
  await page.locator("button").click();
  step("filters by file and code");

  // The index leads to each file, and a file folds.
  await page.locator(".index summary").click();
  await page.locator(".index a").last().click();
  const last = page.locator("section").last();
  await last.scrollIntoViewIfNeeded();
  assert.equal((await seen(page)).files.length, report.files.length, "a link to a file is no filter");
  await last.locator("summary").click();
  assert(!await last.locator(".diff").first().isVisible());
  await page.emulateMedia({ media: "print" });
  assert(!await page.locator(".filters").isVisible());
  await page.pdf({ path: `${pictures}/print.pdf`, format: "A4" });
  step("index, folding, print");
}
{
  const page = await open("examples", { width: 390, height: 1200 });
  await check(page, expected(report, () => true));
  await page.locator("section").nth(1).scrollIntoViewIfNeeded();
  // Of each change first all that was, then all that is to be.
  const places = await page.locator("tbody.changed").evaluateAll(all => all
    .filter(b => b.querySelector("tr:not(.l):not(.r)"))
    .map(b => [...b.rows].map(tr => [...tr.cells].map(td => td.getBoundingClientRect())))
    .map(rows => [Math.max(...rows.filter(r => r[1].height).map(r => r[1].bottom)), Math.min(...rows.filter(r => r[3].height).map(r => r[3].top))]));
  assert(places.length > 0 && places.every(([old, now]) => now >= old - 1));
  await picture(page, "phone");
  await picture(await open("examples", { colorScheme: "dark" }), "dark");
  step("phone and dark");
}
{
  const page = await open("examples", { javaScriptEnabled: false });
  assert(!await page.locator(".filters").isVisible(), "no filter that does nothing");
  assert(await page.locator("section").first().isVisible());
  step("without scripts");
}
{
  const hostile = json("hostile");
  assert.equal(hostile.summary.failed, 1);
  for (const width of [1400, 390]) {
    const page = await open("hostile", { width, height: 1400 });
    await check(page, { files: hostile.files.map(f => f.path), failed: 1 });
    for (const f of hostile.files) {
      await page.locator("select[name=file]").selectOption(f.path);
      await check(page, { files: [f.path] });
      await page.reload(); // from the address
      await check(page, { files: [f.path] });
    }
    await page.locator("button").click();
    await picture(page, `hostile-${width}`);
  }
  step("hostile names, a long line, a file that failed");
}
{
  const page = await open("empty");
  assert(await page.getByText("There is nothing to show.").isVisible());
  await picture(page, "empty");
  step("nothing to show");
}
{
  let start = performance.now();
  const page = await open("many");
  const opened = performance.now() - start;
  start = performance.now();
  await page.locator("label.migrated input").evaluate(box => { box.click(); });
  await page.evaluate(() => new Promise(done => requestAnimationFrame(() => setTimeout(done))));
  const filtered = performance.now() - start;
  const { uses } = json("many").summary;
  step(`500 files, ${uses} uses: open ${Math.round(opened)} ms, filter ${Math.round(filtered)} ms`);
  assert(opened < 20000 && filtered < 5000, "too slow");
  await picture(page, "many");
}
await browser.close();
console.log("the HTML report works in " + process.env.CHROMIUM);
