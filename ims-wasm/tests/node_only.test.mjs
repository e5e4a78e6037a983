import { execFile } from "node:child_process";
import { mkdtemp, mkdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { PACKAGE } from "./support.mjs";
import { equal } from "./shared/check.mjs";
import { expected, quickStart } from "./shared/readme.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));
const run = promisify(execFile);

test("the quick start of the README runs as it stands", async () => {
  const source = quickStart(await readFile(join(root, "README.md"), "utf8"));
  const folder = await mkdtemp(join(tmpdir(), "ims-wasm-"));
  try {
    await mkdir(join(folder, "node_modules"));
    await symlink(root, join(folder, "node_modules", "ims-wasm"));
    await symlink(join(root, "node_modules", "fake-indexeddb"), join(folder, "node_modules", "fake-indexeddb"));
    await writeFile(join(folder, "start.mjs"), source);
    const { stdout } = await run(process.execPath, ["--import", "fake-indexeddb/auto", "start.mjs"], { cwd: folder });
    equal(stdout.trim().split("\n"), expected(source));
  } finally {
    await rm(folder, { recursive: true });
  }
});

test("the module can be loaded from its bytes at once", async () => {
  const { Ims, initSync, InvalidInputError } = await import(PACKAGE);
  let refused;
  try {
    initSync("ims_wasm_bg.wasm");
  } catch (error) {
    refused = error;
  }
  equal(refused instanceof InvalidInputError, true);
  initSync(await readFile(join(root, "dist", "ims_wasm_bg.wasm")));
  const ims = await Ims.openMemory({ actor: "me" });
  equal(await ims.shop(), null);
});
