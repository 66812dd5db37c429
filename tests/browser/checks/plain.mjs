// Where a server forbids scripts and styles, as Jenkins does, the report is as complete as with them.
import { createServer } from "node:http";
import { readFileSync } from "node:fs";
import { once } from "node:events";
import { squeezed } from "../squeezed.mjs";
import { PATIENCE } from "../visit.mjs";

const FORBIDS = "sandbox; default-src 'none'; img-src 'self'; style-src 'self';";

export async function plain(browser, file, sentences) {
    const server = createServer((_, response) => {
        response.writeHead(200, { "content-type": "text/html; charset=utf-8", "content-security-policy": FORBIDS });
        response.end(readFileSync(file));
    });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    const context = await browser.newContext({ javaScriptEnabled: false });
    context.setDefaultTimeout(PATIENCE);
    try {
        const page = await context.newPage();
        await page.goto(`http://127.0.0.1:${server.address().port}/`);
        const found = await page.evaluate(() => {
            document.querySelectorAll("details").forEach((fold) => (fold.open = true));
            const drawings = [...document.querySelectorAll("main svg")];
            return {
                text: document.body.innerText,
                marks: drawings.map((svg) => svg.querySelectorAll("text, path, line, circle, rect, polygon, polyline").length),
                controls: [...document.querySelectorAll("button, input, select")].filter((control) => control.checkVisibility()).length,
            };
        });
        const problems = [];
        const text = squeezed(found.text);
        for (const sentence of sentences) {
            // The word before the colon is set apart.
            if (!text.includes(squeezed(sentence.replace(/^[A-Z ]+: /, "")))) problems.push(`without styles it does not say: ${sentence}`);
        }
        if (found.marks.some((count) => count === 0)) problems.push("a drawing is empty");
        if (found.controls > 0) problems.push(`${found.controls} controls are shown that cannot work without scripts`);
        return problems;
    } finally {
        await context.close();
        server.close();
    }
}
