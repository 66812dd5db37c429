// What each format must not let a name do, and must still show of it.
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { drawn, visit } from "../browser/visit.mjs";
import { squeezed } from "../browser/squeezed.mjs";
import { rows, unzipped } from "./archive.mjs";

const read = (file) => readFileSync(file, "utf8");

// Control characters but line ends, and marks that turn the direction of text.
const ACTS = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/u;
const raw = (text) => {
    const found = text.match(ACTS);
    return found ? [`a raw U+${found[0].codePointAt(0).toString(16).padStart(4, "0")} after "${text.slice(Math.max(0, found.index - 40), found.index)}"`] : [];
};

/** Lines that a log of a build would obey. */
const commands = (text) => text.split("\n").filter((line) => /^\s*(::|##\[|##vso)/.test(line)).map((line) => `a line is a command: ${line.slice(0, 80)}`);

/** Parts of names that have to be readable somewhere. */
const SHOWN = ["#panic()", "onerror=alert(1)", "[error]stop", "cmd|'/C calc'!A0", "{{7*7}}"];
const shows = (text) => SHOWN.filter((part) => !squeezed(text).includes(squeezed(part))).map((part) => `"${part}" is not shown`);

export async function html(browser, file) {
    const problems = [];
    for (const javaScriptEnabled of [true, false]) {
        await visit(browser, file, { javaScriptEnabled, width: 360 }, async (page, seen) => {
            await drawn(page);
            const found = await page.evaluate(() => {
                document.querySelectorAll("details").forEach((fold) => (fold.open = true));
                const every = [...document.querySelectorAll("*")];
                return {
                    pictures: document.querySelectorAll("img, iframe, object, embed, video, audio, form, base").length,
                    scripts: [...document.querySelectorAll("script")].map((script) => script.type || "script"),
                    styles: document.querySelectorAll("style").length,
                    handlers: every.flatMap((element) => element.getAttributeNames().filter((name) => name.startsWith("on"))),
                    links: [...document.querySelectorAll("a")].map((link) => link.getAttribute("href")).filter((href) => !/^(#|https?:|mailto:)/.test(href)),
                    text: document.body.innerText,
                    wide: document.documentElement.scrollWidth > document.documentElement.clientWidth,
                };
            });
            problems.push(...seen);
            if (found.pictures > 0) problems.push(`${found.pictures} elements came in with the names`);
            if (found.scripts.join() !== "application/json,script") problems.push(`scripts: ${found.scripts.join()}`);
            if (found.styles !== 1) problems.push(`${found.styles} style sheets`);
            if (found.handlers.length > 0) problems.push(`handlers: ${found.handlers.join()}`);
            if (found.links.length > 0) problems.push(`links: ${found.links.join()}`);
            if (found.wide) problems.push("a name makes the page scroll sideways");
            problems.push(...raw(found.text.replaceAll("\t", " ")), ...shows(found.text));
        });
    }
    return problems;
}

export async function svg(browser, file) {
    const text = read(file);
    const problems = [...raw(text)];
    await visit(browser, file, {}, async (page, seen) => {
        await drawn(page);
        const found = await page.evaluate(() => [...document.querySelectorAll("*")].flatMap((element) => [element.localName, ...element.getAttributeNames()]));
        for (const bad of found.filter((name) => /^(script|foreignObject|img|a|image|on.*)$/i.test(name))) problems.push(`${bad} is in the drawing`);
        if (!found.includes("svg")) problems.push("it is no drawing");
        problems.push(...seen);
    });
    return problems;
}

export function workbook(file) {
    const problems = [];
    const files = unzipped(readFileSync(file));
    const sheets = [...files].filter(([name]) => name.startsWith("xl/worksheets/sheet"));
    if (sheets.length < 3) problems.push(`only ${sheets.length} sheets`);
    for (const [name, text] of files) {
        if (/externalLink|vbaProject|embeddings|activeX/i.test(name)) problems.push(`it holds ${name}`);
        if (/TargetMode="External"/.test(text)) problems.push(`${name} leads outside`);
        if (/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/.test(text)) problems.push(`${name} has a character that XML forbids`);
        if (/<(img|script)\b/i.test(text)) problems.push(`${name} has markup from a name`);
    }
    let formulas = 0;
    for (const [name, text] of sheets) {
        for (const [, formula] of text.matchAll(/<f[^>]*>([^<]*)<\/f>/g)) {
            formulas += 1;
            // Numbers of cells, arithmetic, and our own words; no name of a group has a way in.
            if (!/^(?:[A-Z]{1,3}\$?\d+|\$[A-Z]{1,3}\$?\d+|[\d.]+|IF|IFERROR|AND|OR|ABS|SUM|MAX|MIN|ISNUMBER|NOT|"[a-z ]*"|&quot;[a-z ]*&quot;|[-+*/(),<>=:]|&[lg]t;|\s)*$/.test(formula)) {
                problems.push(`${name} has the formula ${formula.slice(0, 100)}`);
            }
        }
    }
    if (formulas < 20) problems.push(`only ${formulas} formulas`);
    problems.push(...shows([...files.values()].join("\n").replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&apos;", "'").replaceAll("&quot;", '"').replaceAll("&amp;", "&")));
    return problems;
}

export function csv(file) {
    const text = read(file);
    const problems = raw(text.replaceAll(/[\t\r]/g, " "));
    const table = rows(text);
    if (table.length < 3) problems.push(`only ${table.length} rows`);
    for (const row of table) {
        if (row.length !== table[0].length) problems.push(`a row has ${row.length} cells instead of ${table[0].length}: ${row.join().slice(0, 80)}`);
        for (const cell of row) {
            if (/^[=+\-@\t\r]/.test(cell) && !/^-?[\d.]+(e[-+]?\d+)?$/i.test(cell)) problems.push(`a spreadsheet would compute ${cell.slice(0, 60)}`);
        }
    }
    return problems;
}

export function markdown(file, dressed) {
    const text = read(file);
    const problems = [...raw(text), ...commands(text)];
    const { prose, html } = parted(text);
    for (const [tag] of html.matchAll(/<[a-z!?/][^>]*>?/gi)) {
        if (!/^<\/?(details|summary|pre)>$/.test(tag)) problems.push(`raw HTML: ${tag.slice(0, 60)}`);
    }
    // Names of columns stand as code. An owner's emphasis and links are tags without anything else in them; names have neither.
    const written = dressed ? /^(<\/?(code|em|strong)>|<a href="(https?:|mailto:)[^"<>]*">|<\/a>)$/ : /^<\/?code>$/;
    for (const [tag] of prose.matchAll(/(?<!\\)<[a-z!?/][^>]*>?/gi)) {
        if (!written.test(tag)) problems.push(`raw HTML: ${tag.slice(0, 60)}`);
    }
    for (const [link] of prose.matchAll(/(?<!\\)\](\((?!#)[^)]*\)|\[|:)/g)) problems.push(`a link: ${link.slice(0, 60)}`);
    // What becomes a link, or calls somebody, without any markup: in HTML as well, where GitHub looks for it afterwards.
    for (const [act] of `${prose}\n${html}`.replaceAll(/<a href="[^"]*">/g, "").matchAll(/https?:\/\/\S*|www\.\S*|(?<![\w.])@\w+/gi)) problems.push(`acts by itself: ${act.slice(0, 60)}`);
    return [...problems, ...shows(text.replaceAll("&#8203;", "").replaceAll(/\\(.)/g, "$1"))];
}

/**
 * Takes Markdown apart as CommonMark has it: blocks of HTML, in which nothing is Markdown (`<pre>` to its end, others to the
 * next empty line), and all that is not in a fence.
 */
function parted(text) {
    const prose = [];
    const html = [];
    let ends = null;
    for (const line of text.split("\n")) {
        if (!ends) {
            if (/^ {0,3}```/.test(line)) ends = { into: [], at: (line) => /^ {0,3}```\s*$/.test(line) };
            else if (/^ {0,3}<pre[\s>]/i.test(line)) ends = { into: html, at: (line) => /<\/pre>/i.test(line) };
            else if (/^ {0,3}<\/?(details|summary)[\s>]/i.test(line)) ends = { into: html, at: (line) => line.trim() === "" };
            (ends?.into ?? prose).push(line);
            // A fence does not end with the line that begins it; a block of HTML may.
            if (ends && ends.into === html && ends.at(line)) ends = null;
            continue;
        }
        ends.into.push(line);
        if (ends.at(line)) ends = null;
    }
    return { prose: prose.join("\n"), html: html.join("\n") };
}

export function text(file) {
    const printed = read(file);
    return [...raw(printed), ...commands(printed), ...shows(printed)];
}

export function json(file, names) {
    const printed = read(file);
    const problems = [...raw(printed)];
    const { rates } = JSON.parse(printed);
    const groups = new Set((rates ?? []).flatMap((rate) => Object.values(rate.group)));
    for (const name of names) if (!groups.has(name)) problems.push(`the name ${JSON.stringify(name.slice(0, 40))} was changed`);
    return problems;
}

export function card(file) {
    const printed = read(file);
    JSON.parse(printed);
    return raw(printed);
}

export function pdf(file) {
    const problems = [];
    const run = (...given) => execFileSync(given[0], given.slice(1), { encoding: "utf8", maxBuffer: 1 << 28 });
    const info = run("pdfinfo", file);
    if (!/^JavaScript:\s*no$/m.test(info)) problems.push("it has a script");
    const links = run("pdfinfo", "-url", file).split("\n").slice(1).filter(Boolean);
    if (links.some((line) => /192\.0\.2\.1|javascript/i.test(line))) problems.push(`links: ${links.join()}`);
    const printed = run("pdftotext", "-q", file, "-");
    if (/[\u0000-\u0008\u000e-\u001f\ufffd]/.test(printed)) problems.push("it has raw control characters");
    return [...problems, ...shows(printed)];
}
