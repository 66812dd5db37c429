// Starts Debian's Chromium, with nothing that would look for a network.
import { existsSync } from "node:fs";
import { chromium } from "playwright-core";
import { PATIENCE } from "./visit.mjs";

const PLACES = [process.env.CHROMIUM, "/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

const FLAGS = [
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
];

// Scroll bars take room on most desktops, and so they do here.
const SHOWN = ["--hide-scrollbars"];

export async function launch() {
    const executablePath = PLACES.find((place) => place && existsSync(place));
    if (!executablePath) {
        throw new Error("no Chromium: install the package `chromium`, or set CHROMIUM to its path");
    }
    // As root, as in a container, Chromium refuses to start with its sandbox.
    const sandbox = process.getuid?.() === 0 ? ["--no-sandbox"] : [];
    return chromium.launch({ executablePath, headless: true, ignoreDefaultArgs: SHOWN, args: [...FLAGS, ...sandbox], timeout: PATIENCE });
}
