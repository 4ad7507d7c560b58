// Compiles parts with the Python that will run them. Arguments: Pyodide's folder, then a
// folder with a part in each of its folders, and the folder that gets the packs.
import { pathToFileURL } from "node:url";
import { readFileSync } from "node:fs";
import path from "node:path";

const [pyodide, stage, out, script] = process.argv.slice(2);
const { loadPyodide } = await import(pathToFileURL(path.join(pyodide, "pyodide.mjs")).href);
const python = await loadPyodide();
for (const [name, root] of [["/stage", stage], ["/out", out]]) {
  python.FS.mkdirTree(name);
  python.FS.mount(python.FS.filesystems.NODEFS, { root }, name);
}
python.runPython(readFileSync(script, "utf8"));
