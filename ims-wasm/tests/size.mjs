/** Prints what a browser downloads, compressed as a good server does it, and fails above the budget. */
import { readFileSync, readdirSync } from "node:fs";
import { brotliCompressSync, constants } from "node:zlib";

// The engine with its rules and its store, and what they stand on: time zones, exact numbers, and the tables by which
// letters and their accents are compared.
const BUDGET_KIB = 520;
const BUDGET_BYTES = BUDGET_KIB * 1024;

const folder = new URL("../dist/", import.meta.url);
const sizes = readdirSync(folder)
  .filter((name) => name.endsWith(".js") || name.endsWith(".wasm"))
  .map((name) => {
    const bytes = readFileSync(new URL(name, folder));
    const options = { params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_LGWIN]: 24 } };
    return { name, bytes: bytes.length, brotli: brotliCompressSync(bytes, options).length };
  });

const row = (name, bytes, brotli) => console.log(`${name.padEnd(24)}${String(bytes).padStart(10)}${String(brotli).padStart(10)}`);
row("file", "bytes", "brotli");
for (const { name, bytes, brotli } of sizes) row(name, bytes, brotli);
const sum = (of) => sizes.reduce((total, size) => total + size[of], 0);
row("all", sum("bytes"), sum("brotli"));
console.log(`budget: ${sum("brotli")} of ${BUDGET_BYTES} bytes (${(sum("brotli") / 1024).toFixed(1)} of ${BUDGET_KIB} KiB)`);
if (sum("brotli") > BUDGET_BYTES) process.exit(1);
