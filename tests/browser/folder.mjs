import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A folder for what a check writes, gone when it is done. */
export async function inFolder(work) {
    const folder = mkdtempSync(join(tmpdir(), "evenhand-"));
    try {
        return await work(folder);
    } finally {
        rmSync(folder, { recursive: true, force: true });
    }
}
