import { readdir } from "node:fs/promises";

/** The files of the scenarios in a folder: beside them is a list of codes. */
export async function scenarios(folder) {
  return (await readdir(folder)).filter((name) => name.endsWith(".json") && name !== "codes.json");
}
