// The Python of a page: Pyodide, the parts that are needed, and the desk that answers.
// The worker of a page and `kata verify --page` use the same.

const HOME = "/home/page";
const FOLDERS = { engine: `${HOME}/engine`, course: `${HOME}/course` };
const LIBRARIES = `${HOME}/lib`;
const START = `
import sys
sys.path[:0] = ["${FOLDERS.engine}", "${LIBRARIES}"]
sys.dont_write_bytecode = True
import os
os.environ["KATA_RUNNER"] = "inprocess"
from kata.page.inside.service import Service
`;

export class Python {
  /** `read(name)` gives the bytes of a file; `hear(line)` gets what a run says. */
  constructor({ read, hear, onStep = () => {} }) {
    Object.assign(this, { read, hear, onStep });
    this.parts = new Map();
  }

  /** Start Python and load the parts that every kata needs. */
  async start(loadPyodide, options, manifest) {
    this.manifest = manifest;
    const packs = manifest.always.map((part) => this.unpacked(part));
    this.onStep("python");
    this.py = await loadPyodide(options);
    this.onStep("files");
    for (const [at, part] of manifest.always.entries()) this.place(part, await packs[at]);
    this.onStep("imports");
    this.py.runPython(START);
    this.service = this.py.globals.get("Service")(this.hear);
  }

  /** Load those of these parts that are not there yet. */
  async need(parts) {
    for (const part of parts) {
      if (this.parts.has(part)) continue;
      this.onStep("more");
      this.place(part, await this.unpacked(part));
      this.call("part", part);
    }
  }

  /** The files of a part. Several are unpacked while Python starts. */
  async unpacked(part) {
    return unpacked(await this.read(part));
  }

  place(part, files) {
    for (const [path, data] of files) {
      this.write(`${FOLDERS[part] ?? LIBRARIES}/${path}`, data);
    }
    this.parts.set(part, true);
  }

  write(path, data) {
    const folder = path.slice(0, path.lastIndexOf("/"));
    this.py.FS.mkdirTree(folder);
    this.py.FS.writeFile(path, data);
  }

  /** Ask the desk for something; what it answers is plain data. */
  call(wish, ...rest) {
    return JSON.parse(this.service.call(wish, JSON.stringify(rest)));
  }
}

/** Yield the paths and contents of a pack; compile.py says what one looks like. */
async function unpacked(pack) {
  const stream = new Blob([pack]).stream().pipeThrough(new DecompressionStream("gzip"));
  const whole = new Uint8Array(await new Response(stream).arrayBuffer());
  const length = new DataView(whole.buffer).getUint32(0, true);
  const table = JSON.parse(new TextDecoder().decode(whole.subarray(4, 4 + length)));
  let at = 4 + length;
  return table.map(([path, size]) => [path, whole.subarray(at, (at += size))]);
}
