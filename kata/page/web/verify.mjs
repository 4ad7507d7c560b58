// Runs cells in the page's Python under Node. A line of JSON in, a line out: what to ask
// the desk, after the parts that the kata needs.
import { readFile } from "node:fs/promises";
import path from "node:path";
import { createInterface } from "node:readline";
import { pathToFileURL } from "node:url";
import { Python } from "./python.mjs";

const folder = process.argv[2];
const at = (name) => path.join(folder, name);
const manifest = JSON.parse(await readFile(at("page.json"), "utf8"));
const say = (what) => process.stdout.write(`${JSON.stringify(what)}\n`);
// Pyodide is one long line, which Node would print whole.
process.on("uncaughtException", (error) => {
  process.stderr.write(`${String(error.stack ?? error).slice(-3000)}\n`, () => process.exit(1));
});
const { loadPyodide } = await import(pathToFileURL(at(`${manifest.python}/pyodide.mjs`)).href);

const began = performance.now();
const python = new Python({
  read: (part) => readFile(at(manifest.parts[part].file)),
  hear: () => {},
});
const quiet = { stdout: () => {}, stderr: () => {} };
await python.start(
  loadPyodide,
  { indexURL: at(`${manifest.python}/`), stdLibURL: at(manifest.stdlib.file), ...quiet },
  manifest,
);
say({ ready: (performance.now() - began) / 1000 });

for await (const line of createInterface({ input: process.stdin })) {
  const { parts, wish, rest } = JSON.parse(line);
  await python.need(parts);
  const [start, before] = [performance.now(), process.cpuUsage()];
  const answer = python.call(wish, ...rest);
  const { user, system } = process.cpuUsage(before);
  say({ ...answer, seconds: (performance.now() - start) / 1000, cpu: (user + system) / 1e6 });
}
process.exit(0);
