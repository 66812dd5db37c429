// axe-core finds nothing, in light and dark, folded and unfolded.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { visit } from "../visit.mjs";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

export async function accessible(browser, file, colorScheme, width, screenshot) {
    return visit(browser, file, { colorScheme, width, reducedMotion: "reduce" }, async (page) => {
        const problems = [];
        // The page's own policy forbids scripts from outside; a debugger is not bound by it.
        await page.evaluate(axe);
        for (const unfolded of [false, true]) {
            if (!unfolded) await screenshot?.(page, width);
            if (unfolded) await page.evaluate(() => document.querySelectorAll("details").forEach((d) => (d.open = true)));
            const { violations, rules } = await page.evaluate(async () => {
                const found = await window.axe.run(document, {
                    resultTypes: ["violations"],
                    runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
                });
                return {
                    rules: found.passes.length,
                    violations: found.violations.flatMap((rule) =>
                        rule.nodes.map((node) => `${rule.id} (${rule.impact}): ${node.target.join(" ")} ${node.failureSummary}`),
                    ),
                };
            });
            if (rules < 10) problems.push(`only ${rules} rules of axe-core applied: it saw no report`);
            problems.push(...violations.map((violation) => `${unfolded ? "unfolded: " : ""}${violation.replaceAll("\n", " ")}`));
        }
        return problems;
    });
}
