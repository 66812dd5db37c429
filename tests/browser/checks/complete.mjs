// A report says what its audit found, and holds the audit itself.
import { isDeepStrictEqual } from "node:util";
import { audit, failures, verdict } from "../sentences.mjs";
import { squeezed } from "../squeezed.mjs";
import { visit } from "../visit.mjs";

export async function said(browser, file, folder) {
    return visit(browser, file, { javaScriptEnabled: true }, async (page) => {
        // The verdict is on the first screen, before anything is opened.
        const first = await page.evaluate(() => document.querySelector("main").innerText.slice(0, 3000));
        const problems = squeezed(first).includes(squeezed(verdict(folder).split(":")[0])) ? [] : ["the verdict does not come first"];
        const shown = await page.evaluate(() => document.body.innerText);
        const text = squeezed(shown);
        const word = verdict(folder);
        const sentence = word.slice(word.indexOf(":") + 1);
        if (!text.includes(squeezed(sentence))) problems.push(`it does not say: ${sentence}`);
        await page.evaluate(() => document.querySelectorAll("details").forEach((fold) => (fold.open = true)));
        const all = squeezed(await page.evaluate(() => document.body.innerText));
        for (const { what, words } of failures(folder)) {
            const left = words.filter((part) => !all.includes(squeezed(part)));
            if (left.length > 0) problems.push(`${what}: ${left.join(" and ")} is not on the page`);
        }
        return problems;
    });
}

export async function embedded(browser, file, folder) {
    return visit(browser, file, { javaScriptEnabled: true }, async (page) => {
        const held = await page.evaluate(() => [...document.querySelectorAll("script[type='application/json']")].map((script) => script.textContent));
        if (held.length !== 1) return [`${held.length} pieces of JSON`];
        return isDeepStrictEqual(JSON.parse(held[0]), audit(folder)) ? [] : ["the JSON in the page is not audit.json"];
    });
}
