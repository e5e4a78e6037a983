import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { PACKAGE } from "./support.mjs";
import { equal } from "./shared/check.mjs";

const { ERROR_CODES, Ims, REJECTION_CODES, STORE_ERROR_CODES } = await import(PACKAGE);
const scenarios = process.env["IMS_SCENARIOS"];
const camel = (name) => name.replace(/_([a-z])/g, (_, letter) => letter.toUpperCase());
const CORE = new URL("../../ims-core/", import.meta.url);

test("every code of a refusal is listed, and no other", async () => {
  const examples = JSON.parse(await readFile(new URL("tests/forms/v1/rejections.json", CORE), "utf8"));
  equal([...REJECTION_CODES].sort(), [...new Set(examples.map(({ code }) => code))].sort());
});

test("every code of a store's error is listed, and no other", async () => {
  const source = await readFile(new URL("src/store.rs", CORE), "utf8");
  const codes = [...source.matchAll(/=> "(store_[a-z_]+)"/g)].map(([, code]) => code);
  equal([...STORE_ERROR_CODES].sort(), codes.sort());
});

test("every documented code is listed, and no other but the one of this package", async () => {
  const page = await readFile(new URL("../docs/codes.md", CORE), "utf8");
  // What follows is said by a server alone.
  const [ofTheEngine] = page.split("\n## The server\n");
  const documented = [...ofTheEngine.matchAll(/^\| `([a-z_]+)` \|/gm)].map(([, code]) => code);
  const listed = [...REJECTION_CODES, ...STORE_ERROR_CODES, ...ERROR_CODES].filter((code) => code !== "invalid_input");
  equal(listed.sort(), documented.sort());
});

const skip = scenarios === undefined && "IMS_SCENARIOS names no folder";

test("every command and every report has a method", { skip }, async () => {
  const { commands, reports } = JSON.parse(await readFile(join(scenarios, "codes.json"), "utf8"));
  // Tables are read whole only by `verify` and `stateHash`.
  const methods = [...commands, ...reports.filter((name) => name !== "scan")].map(camel);
  equal(methods.filter((name) => typeof Ims.prototype[name] !== "function"), []);
});
