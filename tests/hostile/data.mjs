// Files whose names, columns and groups are written to do harm wherever they are shown.
import { writeFileSync } from "node:fs";
import { join } from "node:path";

export const COLUMN = "</script><img src=x onerror=alert(1)>";
export const DECISION = "=cmd|'/C calc'!A0";
export const FILE = `">'<img src=x onerror=alert(2)>::error::$(touch pwned)\`touch pwned\`#panic().csv`;

export const NAMES = [
    "</script><script>alert(3)</script>",
    "</style><img src=x onerror=alert(4)>",
    "--><svg onload=alert(5)>",
    "\" onmouseover=\"alert(6)\" x=\"",
    "=cmd|'/C calc'!A0",
    "@SUM(1+1)*cmd|'/C calc'!A0",
    "+1+1",
    "-1+1",
    "=HYPERLINK(\"http://192.0.2.1/\",\"click\")",
    "#panic()",
    "] #panic() $ \\ * _ @label <label>",
    "`backticks` ```fence",
    "[link](javascript:alert(7)) ![image](http://192.0.2.1/x.png)",
    "https://192.0.2.1/x?<img>",
    "| cell | cell |",
    "::error::stop",
    "##[error]stop",
    "\u001b[31mred\u001b]8;;http://192.0.2.1/\u0007link",
    "\u009b31mred",
    "\u202etxt.exe",
    "\u2066isolated",
    "two\r\nlines",
    "tab\tand\u2028separator",
    "&lt;img src=x onerror=alert(8)&gt; &#60;",
    "{{7*7}} ${7*7} <%= 7*7 %>",
    "名前 שלום مرحبا 👩‍👩‍👧",
    "\ue000 \ufffe \u0001",
    `${"long".repeat(2500)}<img src=x onerror=alert(9)>`,
];

/** Names that only JSON can bring. */
export const UNPRINTABLE = ["\u0008\u0008back", "\u001b]0;title\u0007", "\u007f\u0085=1+1", ...NAMES];

/** One that no file may bring. */
export const ZERO = "zero\u0000byte";

/** Sixty people of each name. Every third name is chosen rarely, so that there is much to report. */
function people(names) {
    return names.flatMap((name, at) =>
        Array.from({ length: 60 }, (_, row) => [name, row % 2 === 0 ? "F\u202e<b>" : "M", row < (at % 3 === 0 ? 12 : 40) ? "yes" : "no"]),
    );
}

const quoted = (text) => `"${text.replaceAll('"', '""')}"`;

const HEADER = [COLUMN, "sex", DECISION];

export function csv(folder) {
    const lines = [HEADER, ...people(NAMES)].map((row) => row.map(quoted).join(","));
    writeFileSync(join(folder, FILE), `${lines.join("\n")}\n`);
    return FILE;
}

export function jsonLines(folder, names = UNPRINTABLE) {
    const lines = people(names).map((row) => JSON.stringify(Object.fromEntries(HEADER.map((name, at) => [name, row[at]]))));
    writeFileSync(join(folder, "names.jsonl"), `${lines.join("\n")}\n`);
    return "names.jsonl";
}

/** An owner who pastes what somebody sent. */
export function policy(folder) {
    const line = (at) => NAMES[at].replaceAll(/[\u0000-\u001f\u007f-\u009f]/g, " ").slice(0, 190);
    const keys = ["title", "client", "auditor", "number", "confidentiality", "engagement", "independence"];
    // Each key has a name of its own kind in it, and the one that every browser would obey.
    const lines = keys.map((key, at) => `${key} = ${JSON.stringify(`${line(at)} ${line(at + 7)} ${NAMES[1]}`.slice(0, 199))}`);
    const sections = NAMES.slice(0, 27).map((_, at) => `[[report.section]]\ntitle = ${JSON.stringify(line(at))}\ntext = ${JSON.stringify(MARKDOWN + line(at))}\n`);
    const file = "evenhand.toml";
    writeFileSync(join(folder, file), `[report]\n${lines.join("\n")}\n\n${sections.join("\n")}`);
    return file;
}

const MARKDOWN = `# Title <img src=x onerror=alert(10)>

<script>alert(11)</script>

<div onmouseover="alert(12)">

[a](javascript:alert(13)) [b](data:text/html,x) [c](//192.0.2.1/) ![d](http://192.0.2.1/y.png)

`;
