// Takes every sample report on paper apart with poppler's tools. `node check.mjs [FOLDER]` takes the reports from FOLDER;
// PDFUA=PATH names a validator of PDF/UA that is run as `PATH check FILE`.
import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { inFolder } from "../browser/folder.mjs";
import { failures, findings, folders, verdict } from "../browser/sentences.mjs";
import { squeezed } from "../browser/squeezed.mjs";
import { Tally } from "../browser/tally.mjs";

const here = dirname(fileURLToPath(import.meta.url));
const root = resolve(process.argv[2] ?? join(here, "../../reports"));
const validator = process.env.PDFUA;

const run = (command, ...given) => execFileSync(command, given, { encoding: "utf8", maxBuffer: 1 << 28, stdio: ["ignore", "pipe", "pipe"] });

const tally = new Tally();
for (const folder of folders(root)) {
    await tally.check(`${basename(folder)}: there is a report`, () =>
        existsSync(join(folder, "report.pdf")) ? [] : ["report.pdf is missing"],
    );
    for (const name of ["report.pdf", "notice.pdf"]) {
        const file = join(folder, name);
        if (existsSync(file)) await takeApart(file, folder, name === "report.pdf");
    }
}
if (!validator) console.log("no validator of PDF/UA was run: PDFUA is not set");
process.exitCode = tally.finish();

async function takeApart(file, folder, report) {
    const check = (what, work) => tally.check(`${basename(folder)}/${basename(file)}: ${what}`, work);
    await check("is a whole file that says what it is", () => declared(file));
    await check("is tagged, with titles, tables, and words for its pictures", () => tagged(file));
    await check("has all its fonts in it", () => fonts(file));
    await check("has no page that is empty or cut off", () => pages(file));
    if (report) {
        await check("has the audit attached", () => attached(file, folder));
        await check("says the verdict and every failure with its counts", () => says(file, folder));
    }
    if (validator) await check("has no fault that a validator of PDF/UA knows", () => valid(file));
}

function declared(file) {
    const problems = [];
    const info = run("pdfinfo", file);
    const field = (name) => info.match(new RegExp(`^${name}:\\s*(.*)$`, "m"))?.[1] ?? "";
    if (field("Tagged") !== "yes") problems.push("it is not tagged");
    if (field("Title") === "") problems.push("it has no title");
    if (field("Encrypted") !== "no") problems.push("it is encrypted");
    if (field("JavaScript") !== "no") problems.push("it has a script");
    if (field("Form") !== "none") problems.push("it has a form");
    const about = run("pdfinfo", "-meta", file);
    const metadata = (name) => about.match(new RegExp(`${name}(?:>|=")([^<"]*)`))?.[1];
    if (metadata("pdfaid:part") !== "3" || metadata("pdfaid:conformance") !== "A") problems.push("it does not claim PDF/A-3a");
    if (metadata("pdfuaid:part") !== "1") problems.push("it does not claim PDF/UA-1");
    if (!/dc:language/.test(about)) problems.push("it names no language");
    return problems;
}

function tagged(file) {
    const problems = [];
    const tree = run("pdfinfo", "-struct", file);
    const has = (tag) => new RegExp(`^\\s*${tag}\\b`, "m").test(tree);
    for (const tag of ["Document", "H1", "Table", "TR", "TH", "TD", "P"]) {
        if (!has(tag)) problems.push(`there is no ${tag} in its structure`);
    }
    const figures = (tree.match(/^\s*Figure\b/gm) ?? []).length;
    const drawn = existsSync(file.replace(/\.pdf$/, ".html")) ? (readFileSync(file.replace(/\.pdf$/, ".html"), "utf8").match(/<figure\b/g) ?? []).length : 0;
    if (drawn > 0 && figures === 0) problems.push(`the page has ${drawn} pictures, this has none`);
    return [...problems, ...unworded(file, figures)];
}

/** Pictures without words. poppler does not show them, so they are looked for in the file itself. */
function unworded(file, figures) {
    const objects = readFileSync(file, "latin1").split("endobj");
    const pictures = objects.filter((object) => /\/S\s*\/Figure\b/.test(object));
    if (pictures.length !== figures) return [`${pictures.length} of ${figures} pictures are where they can be looked at`];
    // Text is in brackets, or in hexadecimal digits.
    return pictures.filter((object) => !/\/Alt\s*(\([^)]|<[0-9a-f]{2})/i.test(object)).map((object) => `a picture without words: object ${object.trim().split(" ")[0]}`);
}

function fonts(file) {
    const lines = run("pdffonts", file).split("\n").slice(2).filter(Boolean);
    if (lines.length === 0) return ["it has no fonts at all"];
    // name, type, encoding, then emb, sub, uni and the object's two numbers.
    return lines.flatMap((line) => {
        const [embedded, , mapped] = line.trim().split(/\s+/).slice(-5);
        const name = line.split(/\s/)[0];
        return [...(embedded === "yes" ? [] : [`${name} is not embedded`]), ...(mapped === "yes" ? [] : [`${name} cannot be copied as text`])];
    });
}

function pages(file) {
    const count = Number(run("pdfinfo", file).match(/^Pages:\s*(\d+)/m)?.[1]);
    const text = run("pdftotext", "-layout", "-q", file, "-").split("\f").slice(0, count);
    const problems = text.flatMap((page, at) => (page.trim() === "" ? [`page ${at + 1} of ${count} is empty`] : []));
    if (/\ufffd|\.notdef/.test(text.join(""))) problems.push("a character has no glyph");
    // Where letters start is where lines are cut off.
    const boxes = run("pdftotext", "-bbox", "-q", file, "-");
    let page = 0;
    let size = [0, 0];
    for (const line of boxes.split("\n")) {
        const sheet = line.match(/<page width="([\d.]+)" height="([\d.]+)"/);
        if (sheet) {
            page += 1;
            size = [Number(sheet[1]), Number(sheet[2])];
        }
        const word = line.match(/<word xMin="([-\d.]+)" yMin="([-\d.]+)" xMax="([-\d.]+)" yMax="([-\d.]+)">(.*)<\/word>/);
        if (!word) continue;
        const [left, top, right, bottom] = word.slice(1, 5).map(Number);
        if (left < 0 || top < 0 || right > size[0] + 0.5 || bottom > size[1] + 0.5) problems.push(`page ${page}: "${word[5]}" runs off the paper`);
    }
    return problems;
}

async function attached(file, folder) {
    const listed = run("pdfdetach", "-list", file);
    if (!/^1: audit\.json$/m.test(listed)) return [`attached is: ${listed.trim()}`];
    return inFolder(async (room) => {
        run("pdfdetach", "-save", "1", "-o", join(room, "audit.json"), file);
        return readFileSync(join(room, "audit.json")).equals(readFileSync(join(folder, "audit.json"))) ? [] : ["the attached audit is another"];
    });
}

/** The text of all pages without their headers and footers, which would stand within sentences that go over the page. */
function read(file) {
    // Without the layout, hyphens at the ends of lines would be taken for those of a typesetter, and dropped.
    const pages = run("pdftotext", "-layout", "-q", file, "-")
        .split("\f")
        .map((page) => page.split("\n").filter((line) => line.trim() !== ""));
    const edges = (lines) => new Set([...lines.slice(0, 4), ...lines.slice(-4)].map(unnumbered));
    const seen = new Map();
    for (const line of pages.flatMap((lines) => [...edges(lines)])) seen.set(line, (seen.get(line) ?? 0) + 1);
    const repeats = (line) => (seen.get(unnumbered(line)) ?? 0) > pages.length / 2;
    return pages
        .flatMap((lines) => lines.filter((line, at) => (at >= 4 && at < lines.length - 4) || !repeats(line)))
        .join("\n");
}

function unnumbered(line) {
    return line.trim().replaceAll(/\d+/g, "0");
}

function says(file, folder) {
    const text = squeezed(read(file));
    const problems = [];
    const sentence = verdict(folder);
    if (!text.includes(squeezed(sentence.slice(sentence.indexOf(":") + 1)))) problems.push(`it does not say: ${sentence}`);
    for (const { what, words } of failures(folder)) {
        const left = words.filter((part) => !text.includes(squeezed(part)));
        if (left.length > 0) problems.push(`${what}: ${left.join(" and ")} is nowhere`);
    }
    const sentences = existsSync(join(folder, "report.html")) ? findings(folder) : [];
    if (failures(folder).length > 0 && sentences.length === 0) problems.push("the page has no sentences to look for");
    for (const { outcome, sentence } of sentences) {
        if (!text.includes(squeezed(sentence))) problems.push(`${outcome}: it does not say: ${sentence}`);
    }
    return problems;
}

function valid(file) {
    const { status, stdout, stderr, error } = spawnSync(validator, ["check", "--min-severity", "error", file], { encoding: "utf8" });
    if (error) return [String(error)];
    return status === 0 ? [] : `${stdout}${stderr}`.split("\n").filter(Boolean);
}
