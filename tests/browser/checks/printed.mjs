// Paper shows everything that is folded on the screen, and its lines are cut off nowhere.
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { inFolder } from "../folder.mjs";
import { squeezed } from "../squeezed.mjs";
import { visit } from "../visit.mjs";

export async function printed(browser, file, javaScriptEnabled, format) {
    return visit(browser, file, { javaScriptEnabled }, async (page, seen) =>
        inFolder(async (folder) => {
            const path = join(folder, "printed.pdf");
            const folded = await page.evaluate(leaves);
            await page.pdf({ path, format, preferCSSPageSize: false, printBackground: true });
            execFileSync("pdftotext", ["-layout", "-q", path, join(folder, "printed.txt")]);
            const text = squeezed(readFileSync(join(folder, "printed.txt"), "utf8"));
            const problems = seen.map((complaint) => `while printing: ${complaint}`);
            for (const { where, words } of folded) {
                if (!text.includes(squeezed(words))) problems.push(`"${words}" is not printed (${where})`);
            }
            const open = await page.evaluate(() => document.querySelectorAll("details[open]").length);
            const before = await page.evaluate(() => document.querySelectorAll("details").length);
            if (javaScriptEnabled && before > 0 && open === before) problems.push("all folds stay open on the screen after printing");
            return problems;
        }),
    );
}

/** The first words of each fold, of each section's title, and of each table's caption. */
function leaves() {
    const found = [];
    const words = (text) => text.trim().replace(/\s+/g, " ").slice(0, 40);
    for (const fold of document.querySelectorAll("details")) {
        const title = words(fold.querySelector("summary").textContent);
        const first = fold.querySelector(":scope > :not(summary) p, :scope > :not(summary) li, :scope > :not(summary) td, :scope > :not(summary) th, :scope > p, :scope > pre");
        if (first && words(first.textContent)) found.push({ where: `in the fold "${title}"`, words: words(first.textContent) });
        const cells = [...fold.querySelectorAll("tbody th")];
        const last = cells.at(-1);
        // Lines of a narrow cell are printed between those of its neighbours, so only a word is sure to be whole.
        if (last && words(last.textContent)) found.push({ where: `the last row in "${title}"`, words: words(last.textContent).split(" ")[0].slice(0, 12) });
    }
    for (const title of document.querySelectorAll("main h2, main h3")) {
        // A title for screen readers alone is not for paper either.
        if (title.getBoundingClientRect().width < 2) continue;
        found.push({ where: "a title", words: words(title.textContent) });
    }
    return found;
}
