// A report asks for nothing and complains of nothing, and its page never scrolls sideways.
import { drawn, visit } from "../visit.mjs";

// The narrowest that guidelines name, a phone, a desktop at 200 % zoom, a desktop.
const WIDTHS = [320, 360, 640, 1280];

export async function quiet(browser, file, javaScriptEnabled) {
    return visit(browser, file, { javaScriptEnabled }, async (page, seen) => {
        const problems = await page.evaluate(structure);
        await drawn(page);
        return [...seen, ...problems];
    });
}

function structure() {
    const problems = [];
    const count = (selector) => document.querySelectorAll(selector).length;
    for (const [selector, times] of [
        ["h1", 1],
        ["main", 1],
        ["title", 1],
        ["html[lang]", 1],
    ]) {
        if (count(selector) < times) problems.push(`no ${selector}`);
    }
    if (count("h1") > 1) problems.push("several h1");
    if (document.title.trim() === "") problems.push("no title");
    const ids = [...document.querySelectorAll("[id]")].map((element) => element.id);
    for (const id of ids.filter((id, at) => ids.indexOf(id) !== at)) problems.push(`the id ${id} is there twice`);
    for (const link of document.querySelectorAll("a[href^='#']")) {
        const target = decodeURIComponent(link.getAttribute("href").slice(1));
        if (target !== "" && !document.getElementById(target)) problems.push(`a link leads to #${target}, which is not there`);
    }
    for (const table of document.querySelectorAll("table")) {
        if (!table.caption?.textContent.trim()) problems.push("a table without a caption");
        if (!table.querySelector("th[scope]")) problems.push(`a table without headers: ${table.caption?.textContent}`);
    }
    for (const svg of document.querySelectorAll("figure svg, main svg")) {
        const named = svg.closest("[aria-hidden=true]") || svg.getAttribute("aria-label") || svg.querySelector("title");
        if (!named) problems.push("a drawing without a name");
    }
    const levels = [...document.querySelectorAll("h1,h2,h3,h4,h5,h6")].map((heading) => Number(heading.tagName[1]));
    levels.forEach((level, at) => {
        if (at > 0 && level > levels[at - 1] + 1) problems.push(`a heading of level ${level} below one of level ${levels[at - 1]}`);
    });
    return problems;
}

export async function fits(browser, file, javaScriptEnabled, screenshots) {
    const problems = [];
    for (const width of WIDTHS) {
        const height = width === 640 ? 450 : 800;
        const deviceScaleFactor = width === 640 ? 2 : 1;
        await visit(browser, file, { width, height, deviceScaleFactor, javaScriptEnabled }, async (page) => {
            // What is folded may be wide as well.
            for (const unfolded of [false, true]) {
                if (unfolded) await page.evaluate(() => document.querySelectorAll("details").forEach((d) => (d.open = true)));
                const wide = await page.evaluate(widest);
                if (wide) problems.push(`at ${width} px${unfolded ? ", unfolded," : ""} ${wide}`);
            }
            await screenshots?.(page, `${width}${javaScriptEnabled ? "" : "-no-script"}`);
        });
    }
    return problems;
}

function widest() {
    const room = document.documentElement.clientWidth;
    const taken = Math.max(document.documentElement.scrollWidth, document.body.scrollWidth);
    if (taken <= room) return null;
    const inBox = (element) => {
        for (let at = element.parentElement; at && at !== document.body; at = at.parentElement) {
            if (getComputedStyle(at).overflowX !== "visible") return true;
        }
        return false;
    };
    const guilty = [...document.body.querySelectorAll("*")].find(
        (element) => element.getBoundingClientRect().right > room + 1 && !inBox(element),
    );
    const what = guilty ? `${guilty.tagName.toLowerCase()}.${guilty.getAttribute("class") ?? ""} "${guilty.textContent.trim().slice(0, 60)}"` : "something";
    return `the page is ${taken} px wide in ${room}: ${what}`;
}
