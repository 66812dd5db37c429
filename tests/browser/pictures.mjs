// Takes the pictures that reports/README.md shows: the first screen of each report, and the report on letterhead on a phone,
// on paper and in a spreadsheet. `node pictures.mjs [REPORTS]`. Needs LibreOffice for the spreadsheet.
import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { inFolder } from "./folder.mjs";
import { launch } from "./launch.mjs";
import { folders } from "./sentences.mjs";
import { visit } from "./visit.mjs";

const here = dirname(fileURLToPath(import.meta.url));
const root = resolve(process.argv[2] ?? join(here, "../../reports"));
const out = join(root, "pictures");
const DRESSED = join(root, "letterhead");
mkdirSync(out, { recursive: true });

const browser = await launch();
try {
    for (const folder of folders(root)) {
        await screen(join(folder, "report.html"), `${basename(folder)}.png`, { width: 1100, height: 760 });
    }
    await screen(join(DRESSED, "report.html"), "letterhead-phone.png", { width: 390, height: 844, deviceScaleFactor: 2, isMobile: true });
    await inFolder(async (room) => {
        // The cover, what was found, and a page of an attribute tell more than the first pages in their order.
        execFileSync("pdftoppm", ["-r", "60", "-png", "-l", "40", join(DRESSED, "report.pdf"), join(room, "page")]);
        const pages = readdirSync(room).sort().slice(0, 8);
        await sheet(pages.map((name) => readFileSync(join(room, name))), "letterhead-pdf.png", 4);
    });
    await inFolder(async (room) => {
        const profile = `-env:UserInstallation=file://${join(room, "profile")}`;
        execFileSync("soffice", [profile, "--headless", "--convert-to", "pdf", "--outdir", room, join(DRESSED, "report.xlsx")], { stdio: "ignore" });
        execFileSync("pdftoppm", ["-r", "70", "-png", "-l", "40", join(room, "report.pdf"), join(room, "page")]);
        const pages = readdirSync(room).filter((name) => name.endsWith(".png")).sort().slice(0, 3);
        await sheet(pages.map((name) => readFileSync(join(room, name))), "letterhead-xlsx.png", 3);
    });
} finally {
    await browser.close();
}

async function screen(file, name, options) {
    await visit(browser, file, options, async (page) => {
        await page.screenshot({ path: join(out, name) });
        console.log(`${name}: ${file}`);
    });
}

/** Pages side by side, as on a desk. */
async function sheet(pictures, name, columns) {
    const page = await browser.newPage({ viewport: { width: 1100, height: 400 } });
    const images = pictures.map((bytes) => `<img src="data:image/png;base64,${bytes.toString("base64")}">`).join("");
    await page.setContent(
        `<style>body{margin:0;padding:16px;background:#e8eaed;display:grid;grid-template-columns:repeat(${columns},1fr);gap:16px;align-items:start}
        img{width:100%;box-shadow:0 1px 4px #0006}</style>${images}`,
        { waitUntil: "load" },
    );
    writeFileSync(join(out, name), await page.screenshot({ fullPage: true }));
    await page.close();
    console.log(`${name}: ${pictures.length} pages`);
}
