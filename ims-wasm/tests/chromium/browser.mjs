/** Starts the Chromium of this machine. */
import { existsSync } from "node:fs";
import { chromium } from "playwright-core";

const PLACES = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

const QUIET = [
  "--headless",
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** The program: that of the environment, or one of the usual places. */
export function program() {
  const found = process.env["IMS_CHROMIUM"] ?? PLACES.find((place) => existsSync(place));
  if (found === undefined) throw new Error(`there is no Chromium at ${PLACES.join(", ")}: install it, or name it in IMS_CHROMIUM`);
  return found;
}

/** Starts a browser whose storage is gone when it is closed. */
export function browser() {
  return chromium.launch({ executablePath: program(), args: QUIET });
}

/** Starts a browser that keeps its storage in a folder. */
export function browserIn(folder) {
  return chromium.launchPersistentContext(folder, { executablePath: program(), args: QUIET });
}
