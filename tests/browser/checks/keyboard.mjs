// Everything can be reached with the Tab key, in the order in which it is read, and where the focus is can be seen.
import { visit } from "../visit.mjs";

const REACHED = 400;
// Milliseconds, for all stops of a page together, in which the page may scroll to where the focus is.
const SCROLLING = 20_000;

export async function keyboard(browser, file, javaScriptEnabled, width = 1280) {
    return visit(browser, file, { javaScriptEnabled, width, reducedMotion: "reduce" }, async (page) => {
        const problems = [];
        const expected = await page.evaluate(stops);
        const reached = [];
        let patience = SCROLLING;
        for (let step = 0; step < Math.min(expected.length, REACHED); step += 1) {
            await page.keyboard.press("Tab");
            let at = await page.evaluate(focused);
            // The page may still be on its way there.
            for (; at && !at.visible && patience > 0; patience -= 40) {
                await page.waitForTimeout(40);
                at = await page.evaluate(focused);
            }
            if (!at) {
                problems.push(`nothing has the focus after ${step + 1} steps of ${expected.length}`);
                break;
            }
            reached.push(at);
        }
        const first = reached[0];
        if (!first?.skips) problems.push(`the first stop is no link to the main part but ${first?.name}`);
        reached.forEach((at, step) => {
            if (at.path !== expected[step].path) problems.push(`stop ${step + 1} is ${at.name}, not ${expected[step].name}`);
            if (!at.visible) problems.push(`${at.name} has the focus and cannot be seen`);
            if (!at.ring) problems.push(`nothing shows that ${at.name} has the focus`);
            if (!at.name) problems.push(`${at.path} has no name`);
        });
        const inNavigation = reached.findIndex((at) => at.navigation);
        if (inNavigation < 0 || inNavigation > 8) problems.push(`the links to the sections come ${inNavigation < 0 ? "nowhere" : `at stop ${inNavigation + 1}`}`);
        return problems;
    });
}

/** The skip link takes the focus past the links to the sections. */
export async function skips(browser, file) {
    return visit(browser, file, { javaScriptEnabled: true }, async (page) => {
        await page.keyboard.press("Tab");
        await page.keyboard.press("Enter");
        await page.keyboard.press("Tab");
        const after = await page.evaluate(() => {
            const at = document.activeElement;
            const main = document.querySelector("main");
            return { inside: !!main?.contains(at), name: at?.textContent.trim().slice(0, 60), left: main?.querySelectorAll("a, button, summary, input, [tabindex='0']").length };
        });
        return after.inside || after.left === 0 ? [] : [`after the skip link the focus is on "${after.name}", outside the main part`];
    });
}

function stops() {
    const path = (element) => {
        const steps = [];
        for (let at = element; at && at !== document.documentElement; at = at.parentElement) {
            steps.unshift(`${at.tagName.toLowerCase()}:nth-child(${[...at.parentElement.children].indexOf(at) + 1})`);
        }
        return steps.join(">");
    };
    const shown = (element) => {
        if (element.closest("details:not([open])") && !element.matches("details:not([open]) > summary")) return false;
        return element.checkVisibility({ visibilityProperty: true });
    };
    // Of radio buttons that belong together only the chosen one is a stop.
    const alone = (element) => {
        if (element.type !== "radio" || !element.name) return true;
        const group = [...document.querySelectorAll(`input[type=radio][name="${element.name}"]`)];
        return element === (group.find((one) => one.checked) ?? group[0]);
    };
    const candidates = "a[href], button, summary, input, select, textarea, [tabindex]:not([tabindex='-1'])";
    return [...document.querySelectorAll(candidates)]
        .filter((element) => !element.disabled && element.tabIndex >= 0 && shown(element) && alone(element))
        .map((element) => ({ path: path(element), name: `${element.tagName.toLowerCase()} "${(element.getAttribute("aria-label") ?? element.textContent).trim().slice(0, 40)}"` }));
}

function focused() {
    const element = document.activeElement;
    if (!element || element === document.body) return null;
    const steps = [];
    for (let at = element; at && at !== document.documentElement; at = at.parentElement) {
        steps.unshift(`${at.tagName.toLowerCase()}:nth-child(${[...at.parentElement.children].indexOf(at) + 1})`);
    }
    const look = (element) => {
        const style = getComputedStyle(element);
        return { outline: style.outlineStyle === "none" ? 0 : parseFloat(style.outlineWidth), shadow: style.boxShadow };
    };
    const box = element.getBoundingClientRect();
    const now = look(element);
    const visible = box.width > 1 && box.height > 1 && box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth;
    const href = element.getAttribute("href") ?? "";
    const target = href.startsWith("#") ? document.getElementById(href.slice(1)) : null;
    return {
        path: steps.join(">"),
        name: `${element.tagName.toLowerCase()} "${(element.getAttribute("aria-label") ?? element.textContent).trim().slice(0, 40)}"`,
        visible,
        ring: now.outline >= 2 || now.shadow !== "none",
        skips: !!target?.matches("main") && !element.closest("nav"),
        navigation: !!element.closest("nav"),
    };
}
