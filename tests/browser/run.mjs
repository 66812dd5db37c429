// Opens every sample report in Chromium and looks at it as a reader would. `node run.mjs [FOLDER]` takes the reports from
// FOLDER; SCREENSHOTS=FOLDER keeps pictures; ONLY=NAME looks at one report.
import { existsSync, mkdirSync, statSync } from "node:fs";
import { availableParallelism } from "node:os";
import { basename, dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { accessible } from "./checks/accessible.mjs";
import { embedded, said } from "./checks/complete.mjs";
import { controls } from "./checks/controls.mjs";
import { keyboard, skips } from "./checks/keyboard.mjs";
import { plain } from "./checks/plain.mjs";
import { printed } from "./checks/printed.mjs";
import { fits, quiet } from "./checks/quiet.mjs";
import { launch } from "./launch.mjs";
import { findings, folders, verdict } from "./sentences.mjs";
import { Tally } from "./tally.mjs";

const here = dirname(fileURLToPath(import.meta.url));
const root = resolve(process.argv[2] ?? join(here, "../../reports"));
const only = process.env.ONLY;
const pictures = process.env.SCREENSHOTS;
if (pictures) mkdirSync(pictures, { recursive: true });

const tally = new Tally();
const browser = await launch();
try {
    const asked = folders(root).filter((folder) => !only || basename(folder) === only);
    const pages = [];
    for (const folder of asked) {
        const held = ["report.html", "notice.html"].map((name) => join(folder, name)).filter(existsSync);
        await tally.check(`${basename(folder)}: there is a report`, async () =>
            existsSync(join(folder, "report.html")) ? [] : ["report.html is missing"],
        );
        pages.push(...held.map((page) => ({ page, folder })));
    }
    // The largest come first, so that no processor waits for one of them at the end.
    pages.sort((one, other) => statSync(other.page).size - statSync(one.page).size);
    const worker = async () => {
        for (let next = pages.shift(); next; next = pages.shift()) await look(next.page, next.folder);
    };
    await Promise.all(Array.from({ length: Math.min(availableParallelism(), 4) }, worker));
} finally {
    await browser.close();
}
process.exitCode = tally.finish();

async function look(file, folder) {
    const name = `${basename(folder)}/${basename(file)}`;
    const report = basename(file) === "report.html";
    const keep = (suffix) => async (page, size) => {
        if (pictures) await page.screenshot({ path: join(pictures, `${name.replaceAll(/[/.]/g, "-")}-${size}${suffix}.png`) });
    };
    const check = (what, work) => tally.check(`${name}: ${what}`, work);

    for (const scripts of [true, false]) {
        const how = scripts ? "with scripts" : "without scripts";
        await check(`asks for nothing and complains of nothing, ${how}`, () => quiet(browser, file, scripts));
        await check(`never scrolls sideways, ${how}`, () => fits(browser, file, scripts, keep("")));
        await check(`can be walked through with the Tab key, ${how}`, () => keyboard(browser, file, scripts));
        for (const format of scripts ? ["A4", "Letter"] : ["A4"]) {
            await check(`prints what is folded on ${format}, ${how}`, () => printed(browser, file, scripts, format));
        }
    }
    for (const scheme of ["light", "dark"]) {
        for (const width of [1280, 360]) {
            await check(`has no fault that axe-core knows, ${scheme}, ${width} px`, () => accessible(browser, file, scheme, width, keep(`-${scheme}`)));
        }
    }
    await check("can be walked through with the Tab key on a phone", () => keyboard(browser, file, true, 360));
    await check("has a link past the sections that works", () => skips(browser, file));
    await check("has controls that work", () => controls(browser, file, report));
    if (!report) return;
    await check("is complete where a server forbids scripts and styles", () => plain(browser, file, [verdict(folder), ...findings(folder).map((finding) => finding.sentence)]));
    await check("says every failure with its counts", () => said(browser, file, folder));
    await check("holds the audit itself", () => embedded(browser, file, folder));
}
