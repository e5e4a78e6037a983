/** Takes comments, spaces and long names out of the JavaScript of the package; its types keep their comments. */
import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import { minifySync } from "rolldown/utils";

const folder = new URL("dist/", import.meta.url);

for (const name of readdirSync(folder).filter((name) => name.endsWith(".js"))) {
  const file = new URL(name, folder);
  const { code, errors } = minifySync(name, readFileSync(file, "utf8"), { module: true, compress: true, mangle: true });
  if (errors.length > 0) throw new Error(`${name}: ${errors[0].message}`);
  writeFileSync(file, code);
}
