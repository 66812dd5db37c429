// Takes names that are written to do harm through every format of the real command. `node check.mjs EVENHAND`
import { spawnSync } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { inFolder } from "../browser/folder.mjs";
import { launch } from "../browser/launch.mjs";
import { Tally } from "../browser/tally.mjs";
import { COLUMN, DECISION, NAMES, UNPRINTABLE, ZERO, csv, jsonLines, policy } from "./data.mjs";
import * as formats from "./formats.mjs";

const command = resolve(process.argv[2] ?? "target/debug/evenhand");
const tally = new Tally();
const browser = await launch();
try {
    await through("CSV", csv, NAMES, false);
    await through("JSON lines", jsonLines, UNPRINTABLE, false);
    await tally.check("a zero character in a name is refused", refused);
    await through("an owner's own words", csv, NAMES, true);
} finally {
    await browser.close();
}
process.exitCode = tally.finish();

/** What would end a text in a program written in C is not let in at all. */
function refused() {
    return inFolder((folder) => {
        const given = ["audit", "--out=r.html", "--prediction", DECISION, "--protected", COLUMN, "--", jsonLines(folder, [ZERO, "b"])];
        const ran = spawnSync(command, given, { cwd: folder, encoding: "utf8" });
        if (ran.status !== 3) return [`status ${ran.status}`];
        return existsSync(join(folder, "r.html")) ? ["a report was written"] : [];
    });
}

async function through(what, write, names, dressed) {
    await inFolder(async (folder) => {
        const input = write(folder);
        const out = (name, kind) => `--out=${kind ? `${kind}=` : ""}${name}`;
        const asked = [
            out("r.html"),
            out("r.pdf"),
            out("r.xlsx"),
            out("r.md"),
            out("r.txt"),
            out("r.json"),
            out("r.svg"),
            out("r.png"),
            out("rates.csv", "csv"),
            out("findings.csv", "findings"),
            out("tests.csv", "tests"),
            out("card.json", "card"),
        ];
        const dress = dressed ? ["--policy", policy(folder)] : [];
        const given = ["audit", ...asked, "--prediction", DECISION, "--positive", "yes", "--protected", `${COLUMN},sex`, ...dress, "--", input];
        const ran = spawnSync(command, given, { cwd: folder, encoding: "utf8", maxBuffer: 1 << 28 });
        const check = (format, work) => tally.check(`${what} as ${format}`, work);
        const file = (name) => join(folder, name);
        await check("a run", () => [
            ...(ran.status === 1 ? [] : [`status ${ran.status}: ${ran.error ?? ran.stderr.slice(0, 2000)}`]),
            ...(readdirSync(folder).some((name) => name.startsWith("pwned")) ? ["a name was run as a command"] : []),
        ]);
        if (!existsSync(file("r.json"))) return;
        await check("HTML", () => formats.html(browser, file("r.html")));
        await check("PDF", () => formats.pdf(file("r.pdf")));
        await check("Excel", () => formats.workbook(file("r.xlsx")));
        await check("Markdown", () => formats.markdown(file("r.md"), dressed));
        await check("text", () => formats.text(file("r.txt")));
        await check("JSON", () => formats.json(file("r.json"), names));
        await check("model card", () => formats.card(file("card.json")));
        await check("SVG", () => formats.svg(browser, file("r.svg")));
        for (const name of ["rates.csv", "findings.csv", "tests.csv"]) await check(name, () => formats.csv(file(name)));
    });
}
