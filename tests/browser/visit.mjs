// Opens a page as a reader would, and writes down what it asked for and what it complained of.
import { pathToFileURL } from "node:url";

// A busy machine is no fault of a report's. What never comes still ends the check.
export const PATIENCE = 180_000;

/** Calls `work` with the page and with what happened on it so far. */
export async function visit(browser, file, options, work) {
    const { width = 1280, height = 900, ...rest } = options;
    const context = await browser.newContext({ viewport: { width, height }, ...rest });
    context.setDefaultTimeout(PATIENCE);
    try {
        const page = await context.newPage();
        const url = pathToFileURL(file).href;
        const seen = [];
        page.on("request", (request) => {
            if (request.url() !== url && !request.url().startsWith("data:")) {
                seen.push(`asked for ${request.url().slice(0, 200)}`);
            }
        });
        page.on("console", (message) => {
            if (message.type() === "error" || message.type() === "warning") {
                seen.push(`console: ${message.text().slice(0, 300)}`);
            }
        });
        page.on("pageerror", (error) => seen.push(`error: ${error.message}`));
        page.on("dialog", (dialog) => {
            seen.push(`dialog: ${dialog.message()}`);
            dialog.dismiss();
        });
        context.on("page", (opened) => opened !== page && seen.push(`opened ${opened.url()}`));
        await page.goto(url);
        await page.waitForLoadState("load");
        return await work(page, seen);
    } finally {
        await context.close();
    }
}

/**
 * Waits until all of the page was drawn once: what is asked for only when it comes into view was asked for then, and what the
 * page complained of on the way was told.
 */
export async function drawn(page) {
    await page.evaluate(() => document.querySelectorAll("details").forEach((fold) => (fold.open = true)));
    await page.evaluate(() => scrollTo(0, document.documentElement.scrollHeight));
    // A picture is taken of a frame that is done, with scripts and without.
    await page.screenshot({ clip: { x: 0, y: 0, width: 8, height: 8 } });
    await page.evaluate(() => document.readyState);
}
