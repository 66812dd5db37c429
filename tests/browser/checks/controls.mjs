// What the script adds does what it says: sorting, filtering, unfolding, hiding intervals.
import { visit } from "../visit.mjs";

export async function controls(browser, file, report) {
    return visit(browser, file, {}, async (page, seen) => {
        const problems = [
            ...(await page.evaluate(sorting)),
            ...(await clicked(page)),
            ...(await filtering(page, report)),
            ...(await switches(page)),
        ];
        return [...problems, ...seen];
    });
}

/** Every header of every table, pressed three times. */
function sorting() {
    const problems = [];
    const rows = (table) => [...table.tBodies[0].rows].map((row) => row.innerText);
    const value = (text) => {
        const found = text.replaceAll(",", "").replaceAll("−", "-").match(/-?\d+(\.\d+)?(e-?\d+)?/);
        return found ? Number(found[0]) * (text.includes("million") ? 1e6 : 1) : null;
    };
    for (const table of document.querySelectorAll("table")) {
        const name = table.caption?.textContent.trim().slice(0, 60);
        const buttons = [...table.querySelectorAll("thead th button")];
        if (buttons.length === 0 && table.tBodies[0].rows.length > 3) problems.push(`"${name}" cannot be sorted`);
        const first = rows(table);
        for (const button of buttons) {
            const head = button.closest("th");
            for (const direction of ["ascending", "descending"]) {
                button.click();
                const where = `"${name}" by "${head.textContent.trim()}", ${direction}`;
                if (head.getAttribute("aria-sort") !== direction) problems.push(`${where}: aria-sort is ${head.getAttribute("aria-sort")}`);
                if (table.querySelectorAll("[aria-sort]").length !== 1) problems.push(`${where}: several columns claim to sort`);
                const now = rows(table);
                if ([...now].sort().join("\n") !== [...first].sort().join("\n")) problems.push(`${where}: rows were lost or changed`);
                const cells = [...table.tBodies[0].rows].map((row) => row.cells[head.cellIndex]?.textContent.trim() ?? "");
                if (!head.classList.contains("n")) continue;
                const numbers = cells.map(value);
                const held = numbers.filter((number) => number !== null);
                const sign = direction === "ascending" ? 1 : -1;
                if (held.some((number, at) => at > 0 && (number - held[at - 1]) * sign < 0)) problems.push(`${where}: ${held.slice(0, 6).join(", ")} …`);
                if (numbers.slice(0, held.length).includes(null)) problems.push(`${where}: cells without a number are not last`);
            }
            button.click();
        }
        if (buttons.length > 0 && rows(table).join("\n") !== first.join("\n")) problems.push(`"${name}": the third press does not bring the first order back`);
    }
    return problems;
}

/** With a mouse, and then with the keyboard alone. */
async function clicked(page) {
    const button = page.locator("thead th button:visible").first();
    if ((await button.count()) === 0) return [];
    const state = () => button.evaluate((element) => element.closest("th").getAttribute("aria-sort"));
    const problems = [];
    await button.click();
    if ((await state()) !== "ascending") problems.push("a click on a header does not sort");
    await button.press("Enter");
    if ((await state()) !== "descending") problems.push("Enter on a header does not sort");
    await button.press("Space");
    if ((await state()) !== null) problems.push("Space on a header does not sort");
    return problems;
}

async function filtering(page, report) {
    const shown = () => page.evaluate(() => [...document.querySelectorAll(".finding")].filter((finding) => !finding.hidden).map((finding) => finding.innerText || finding.textContent));
    const total = (await shown()).length;
    const search = page.locator("input[type=search]").first();
    if ((await search.count()) === 0) return report && total > 4 ? [`${total} findings and no way to filter them`] : [];
    const problems = [];
    const section = search.locator("xpath=ancestor::section");
    const inSection = () => section.locator(".finding").evaluateAll((all) => all.filter((finding) => !finding.hidden).map((finding) => finding.textContent));
    const before = await inSection();
    const word = before.at(-1).match(/"([^"]+)"/)?.[1] ?? before.at(-1).split(" ").at(-1);
    await search.fill(word.toUpperCase());
    const found = await inSection();
    if (found.length === 0) problems.push(`nothing is found for ${word}`);
    for (const text of found) if (!text.toLowerCase().includes(word.toLowerCase())) problems.push(`looking for ${word} shows: ${text.slice(0, 80)}`);
    await search.fill("no such words anywhere");
    if ((await inSection()).length > 0) problems.push("words that are nowhere are found");
    if (!/\b0 of/.test(await section.locator("[role=status]").first().innerText())) problems.push("that nothing is shown is not said");
    await search.fill("");
    if ((await inSection()).length !== before.length) problems.push("clearing the search does not bring everything back");
    for (const chip of await section.locator("button[aria-pressed]").all()) {
        const label = await chip.innerText();
        await chip.click();
        if ((await chip.getAttribute("aria-pressed")) !== "true") problems.push(`${label}: not pressed`);
        if ((await inSection()).length >= before.length) problems.push(`${label}: hides nothing`);
        await chip.click();
        if ((await inSection()).length !== before.length) problems.push(`${label}: does not bring back what it hid`);
    }
    return problems;
}

/** What is switched on and off for the whole page. */
async function switches(page) {
    const problems = [];
    const effect = async (label, measure, changed) => {
        const button = page.getByRole("button", { name: label });
        if ((await button.count()) === 0) return false;
        const before = await page.evaluate(measure);
        await button.click();
        const during = await page.evaluate(measure);
        await button.click();
        const after = await page.evaluate(measure);
        if (!changed(before, during)) problems.push(`${label}: ${before} before, ${during} with it`);
        if (after !== before && label !== UNFOLD) problems.push(`${label}: ${before} before, ${after} after`);
        return true;
    };
    const folds = await page.evaluate(() => document.querySelectorAll("details").length);
    const unfolds = await effect(UNFOLD, () => document.querySelectorAll("details:not([open])").length, (before, during) => during === 0 && before > 0);
    if (folds > 0 && !unfolds) problems.push(`${folds} folds and no way to open them all`);
    const intervals = await page.evaluate(() => document.querySelectorAll(".interval").length);
    const hides = await effect(
        HIDE,
        () => [...document.querySelectorAll(".interval")].filter((interval) => interval.checkVisibility()).length,
        (before, during) => during === 0 && before > 0,
    );
    if (intervals > 0 && !hides) problems.push("intervals cannot be hidden");
    return problems;
}

const UNFOLD = /open every fold/i;
const HIDE = /hide intervals/i;
