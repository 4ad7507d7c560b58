// The worker of a page: one Python, the reader's workspace, and one wish at a time.
import { Python } from "./python.mjs";
import { Memory, Store } from "./store.mjs";

const WORKSPACE = "/home/page/my-waybill";
const PASSING = /(^|\/)(__pycache__|\.pytest_cache)\/|\.(tmp|lock|db-journal|db-wal|db-shm)$/;
const RUNS = new Set(["check", "show"]);
const PAUSE = 300; // milliseconds without a wish, after which nobody waits
const say = (kind, more = {}) => postMessage({ kind, ...more });

let python;
let store;
let version = -1;
let stored = new Map();
let queue;
let waiting = 0;
let opened = "";
let rehearsed = false;
const withdrawn = new Set();

onmessage = ({ data }) => {
  if (data.kind === "start") {
    queue = start(data).catch((error) => {
      say("fault", { message: String(error.message ?? error).trim().split("\n").at(-1) });
      throw error;
    });
    queue.catch(() => {});
  } else if (data.kind === "withdraw") {
    withdrawn.add(data.id);
  } else {
    waiting += 1;
    queue = queue.then(() => answer(data)).finally(() => (waiting -= 1));
    if (data.wish === "state") queue.then(rehearseInTime, () => {});
  }
};

async function start({ base, manifest, kept }) {
  countBytes(base, manifest);
  store = await Store.open().catch(() => new Memory(kept, (files) => say("kept", { files })));
  if (store instanceof Memory) say("forgetful");
  python = new Python({
    read: async (part) => (await fetch(base + manifest.parts[part].file)).arrayBuffer(),
    hear: (line) => say("said", { line }),
    onStep: (step) => say("step", { step }),
  });
  const indexURL = `${base}${manifest.python}/`;
  const { loadPyodide } = await import(`${indexURL}pyodide.mjs`);
  const quiet = { stdout: () => {}, stderr: () => {} };
  await python.start(loadPyodide, { indexURL, stdLibURL: base + manifest.stdlib.file, ...quiet }, manifest);
  say("ready");
}

/** Run the checks of the kata that was opened first, once: what they need is imported then.
 *  It happens while nobody waits, or before the first run, and no time limit counts it. */
function rehearse() {
  if (!opened || rehearsed) return;
  rehearsed = true;
  python.call("rehearse", opened);
}

async function rehearseInTime() {
  await new Promise((soon) => setTimeout(soon, PAUSE));
  if (!waiting) rehearse();
}

/** Do what is wished for, with the workspace as the last tab left it. */
async function answer({ id, parts, wish, rest }) {
  if (withdrawn.delete(id)) return;
  try {
    await python.need(parts);
    say("ready");
    if (wish === "state") opened ||= rest[0];
    if (RUNS.has(wish)) rehearse();
    const found = await alone(async () => {
      await pull();
      say("began", { id });
      const found = python.call(wish, ...rest);
      // What can't be stored is here all the same, and the next wish tries again.
      const unstored = await push().then(() => "", (error) => error.name || String(error));
      return { ...found, unstored };
    });
    say("answer", { id, answer: found });
  } catch (error) {
    say("failed", { id, message: String(error.message ?? error).trim().split("\n").at(-1) });
  }
}

function alone(work) {
  return navigator.locks ? navigator.locks.request("fastapi-katas", work) : work();
}

async function pull() {
  const newest = await store.version();
  if (newest === version) return;
  const files = await store.files();
  for (const name of walk()) if (!files.has(name)) python.py.FS.unlink(`${WORKSPACE}/${name}`);
  for (const [name, data] of files) python.write(`${WORKSPACE}/${name}`, data);
  [stored, version] = [new Map(files), newest];
}

async function push() {
  const names = [...walk()];
  const changed = names
    .map((name) => [name, python.py.FS.readFile(`${WORKSPACE}/${name}`)])
    .filter(([name, data]) => !same(data, stored.get(name)));
  const removed = [...stored.keys()].filter((name) => !names.includes(name));
  if (!changed.length && !removed.length) return;
  version = await store.save(changed, removed);
  for (const [name, data] of changed) stored.set(name, data);
  for (const name of removed) stored.delete(name);
}

function* walk(folder = "") {
  const { FS } = python.py;
  for (const name of FS.readdir(`${WORKSPACE}/${folder}`)) {
    if (name === "." || name === "..") continue;
    const path = folder + name;
    const isFolder = FS.isDir(FS.stat(`${WORKSPACE}/${path}`).mode);
    if (PASSING.test(isFolder ? `${path}/` : path)) continue;
    if (isFolder) yield* walk(`${path}/`);
    else yield path;
  }
}

function same(one, other) {
  return one.length === other?.length && one.every((byte, at) => byte === other[at]);
}

/** Tell how many bytes have come, and take the large module as it is packed. */
function countBytes(base, manifest) {
  const plain = self.fetch.bind(self);
  const sizes = [manifest.stdlib, manifest.wasm, ...manifest.always.map((part) => manifest.parts[part])];
  const total = sizes.reduce((sum, one) => sum + one.bytes, 0);
  let loaded = 0;
  self.fetch = async (asked, options) => {
    const url = String(asked.url ?? asked);
    const isModule = url.endsWith(".wasm");
    const response = await plain(isModule ? base + manifest.wasm.file : url, options);
    if (!response.ok) throw new Error(`${response.status} for ${url}`);
    const counted = response.body.pipeThrough(
      new TransformStream({
        transform(chunk, controller) {
          loaded += chunk.byteLength;
          if (!python.service) say("bytes", { loaded, total });
          controller.enqueue(chunk);
        },
      }),
    );
    if (!isModule) return new Response(counted, { headers: response.headers });
    return new Response(counted.pipeThrough(new DecompressionStream("gzip")), {
      headers: { "content-type": "application/wasm" },
    });
  };
}
