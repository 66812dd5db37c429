// What a report has to say whatever its format, taken from the folder's other files.
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";

/** The folders with reports, in order of their names. */
export function folders(root) {
    return readdirSync(root, { withFileTypes: true })
        .filter((entry) => entry.isDirectory() && existsSync(join(root, entry.name, "audit.json")))
        .map((entry) => join(root, entry.name))
        .sort();
}

/** The audit itself. */
export const audit = (folder) => JSON.parse(readFileSync(join(folder, "audit.json"), "utf8"));

/** The verdict, as the text report prints it under its title. */
export function verdict(folder) {
    const title = "\nVerdict\n=======\n";
    const text = readFileSync(join(folder, "report.txt"), "utf8");
    const [first] = text.slice(text.indexOf(title) + title.length).split("\n\n");
    return first.replace(/\s+/g, " ").trim();
}

const counted = (value) =>
    Number.isInteger(value?.numerator) && Number.isInteger(value?.denominator)
        ? [`${value.numerator.toLocaleString("en-US")} of ${value.denominator.toLocaleString("en-US")}`]
        : [];

/**
 * For each failure that decides the verdict: the groups it is about and the counts behind it. Counts are what every format
 * has to show, and no format rounds them.
 */
export function failures(folder) {
    return audit(folder)
        .findings.filter((finding) => finding.level === "error" && finding.outcome === "fail")
        .map((finding) => ({
            what: `${finding.criterion} of ${Object.values(finding.group).join(" and ")}`,
            words: [
                ...Object.values(finding.group).filter((name) => name !== null),
                ...counted(finding.group_value),
            ],
        }));
}

/** The sentences about what was found, as the page has them, with their outcomes. */
export function findings(folder) {
    const html = readFileSync(join(folder, "report.html"), "utf8");
    const found = [...html.matchAll(/<li class="finding [^"]*">\s*<p><strong class="badge">([^<]*)<\/strong>([^<]*)<\/p>/g)];
    return found.map(([, outcome, sentence]) => ({ outcome: outcome.trim(), sentence: unescaped(sentence).trim() }));
}

const unescaped = (text) =>
    text
        .replace(/&#(x?)([0-9a-f]+);/gi, (_, hex, digits) => String.fromCodePoint(parseInt(digits, hex ? 16 : 10)))
        .replaceAll("&lt;", "<")
        .replaceAll("&gt;", ">")
        .replaceAll("&quot;", '"')
        .replaceAll("&apos;", "'")
        .replaceAll("&amp;", "&");
