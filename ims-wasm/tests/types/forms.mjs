/** Writes the engine's committed JSON examples as TypeScript, which compiles only if the types have all that they have. */
import { readFileSync, writeFileSync } from "node:fs";

const forms = new URL("../../../ims-core/tests/forms/v1/", import.meta.url);
const TYPES = { commands: "Command", contexts: "Context", receipts: "Receipt", rejections: "Rejection", events: "Event" };

const camel = (name) => name.replace(/_([a-z])/g, (_, letter) => letter.toUpperCase());

function named(value) {
  if (Array.isArray(value)) return value.map(named);
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(Object.entries(value).map(([name, part]) => [camel(name), named(part)]));
}

let text = `// Written by forms.mjs from the engine's examples.\nimport type * as ims from "../../dist/index.js";\n`;
for (const [file, type] of Object.entries(TYPES)) {
  const examples = named(JSON.parse(readFileSync(new URL(`${file}.json`, forms), "utf8")));
  // One by one: what is wrong is then named by its line.
  examples.forEach((example, place) => {
    text += `export const ${file}${place}: ims.${type} = ${JSON.stringify(example, null, 2)};\n`;
  });
}
writeFileSync(new URL("forms.generated.ts", import.meta.url), text);
