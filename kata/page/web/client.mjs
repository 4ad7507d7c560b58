// The page's side of its one worker: starts it at the first wish, ends it when a cell has
// no end, and starts the next one, which finds everything as it was.
import { Memory, Store } from "./store.mjs";

const STEPS = { python: "Python starts", files: "Files are unpacked", imports: "Libraries are imported", more: "More libraries are loaded" };
const SHARE = 0.6; // of the bar for the bytes; the steps have the rest

export class Stopped extends Error {}

export class Client {
  constructor(base) {
    this.base = base;
    this.listeners = new Set();
    this.waiting = new Map();
    this.next = 0;
    this.progress = { part: 0, said: "Getting ready" };
    this.drafts = Store.open().catch(() => new Memory());
  }

  /** Return what the page was built from; asked for once. */
  get manifest() {
    this.asked ??= fetch(`${this.base}page.json`, { cache: "no-cache" }).then((response) => {
      if (!response.ok) throw new Error(`the site has no ${response.url}`);
      return response.json().then((manifest) => {
        if (import.meta.url.endsWith(`/${manifest.app}`)) return manifest;
        throw new Error("the site has changed since this page was opened, so reload it");
      });
    });
    this.asked.catch(() => (this.asked = undefined));
    return this.asked;
  }

  /** Resolve when Python is ready. */
  start() {
    this.ready ??= this.manifest.then(
      (manifest) =>
        new Promise((resolve, reject) => {
          this.worker = new Worker(`${this.base}${manifest.worker}`, { type: "module" });
          this.worker.onmessage = ({ data }) => this.hear(data, resolve, reject);
          this.worker.onerror = (event) => {
            this.lose(new Error(event.message || "its worker did not start"));
            reject(new Error(event.message || "its worker did not start"));
          };
          this.worker.postMessage({ kind: "start", base: this.base, manifest, kept: this.kept });
        }),
    );
    this.ready.catch(() => (this.ready = undefined));
    return this.ready;
  }

  /** Ask the desk for something. `onBegin` is called when its turn has come. */
  ask(parts, wish, rest, onBegin = () => {}) {
    const id = (this.next += 1);
    return new Promise((resolve, reject) => {
      const message = { kind: "ask", id, parts, wish, rest };
      this.waiting.set(id, { resolve, reject, onBegin, message });
      this.start().then(() => this.post(), reject);
    });
  }

  /** Hand everything that waits to the worker, once. */
  post() {
    for (const one of this.waiting.values()) {
      if (one.worker === this.worker) continue;
      one.worker = this.worker;
      this.worker.postMessage(one.message);
    }
  }

  /** Run a cell for at most so many seconds. `ending(kind, said)` tells what became of it. */
  async run(parts, wish, rest, { limit, stop, afterwards }) {
    let timer;
    let how = "";
    const end = (reason) => {
      how = reason;
      this.end(id);
    };
    stop.onabort = () => end("stopped");
    let said = [];
    const job = this.ask(parts, wish, rest, (lines) => {
      said = lines;
      timer = setTimeout(() => end("timed_out"), limit * 1000);
    });
    const id = this.next;
    try {
      return await job;
    } catch (error) {
      if (!(error instanceof Stopped)) throw error;
      return afterwards(how, said);
    } finally {
      clearTimeout(timer);
      stop.onabort = null;
    }
  }

  /** End what was asked: with its worker if it has begun, else before it does. */
  end(id) {
    const one = this.waiting.get(id);
    if (!one) return;
    this.waiting.delete(id);
    if (one.said) this.restart();
    else this.worker?.postMessage({ kind: "withdraw", id });
    one.reject(new Stopped());
  }

  /** Start another worker, which is asked for what still waits. */
  restart() {
    this.worker?.terminate();
    this.ready = undefined;
    this.start().then(
      () => this.post(),
      (error) => this.lose(error),
    );
  }

  lose(error) {
    const lost = [...this.waiting.values()];
    this.waiting.clear();
    for (const one of lost) one.reject(error);
  }

  hear(data, resolve, reject) {
    const one = this.waiting.get(data.id);
    switch (data.kind) {
      case "bytes":
        return this.tell((SHARE * data.loaded) / data.total, `Loading: ${megabytes(data)} MB`);
      case "step": {
        const at = Object.keys(STEPS).indexOf(data.step);
        return this.tell(at ? SHARE + 0.1 * at : undefined, STEPS[data.step]);
      }
      case "ready":
        this.tell(1, "Ready");
        this.manifest.then(this.onReady).catch(() => {}); // without it there is no loss
        return resolve();
      case "fault":
        this.worker.terminate();
        this.ready = undefined;
        this.progress = { part: 0, said: "" };
        this.lose(new Error(data.message));
        this.tell(0, "Python is not loaded yet");
        return reject(new Error(data.message));
      case "forgetful":
        this.forgetful = true;
        return this.tell(undefined, this.progress.said);
      case "kept":
        this.kept = data.files;
        return undefined;
      case "said":
        for (const { said } of this.waiting.values()) said?.push(data.line);
        return undefined;
      case "began":
        return one?.onBegin((one.said = []));
      case "answer":
        this.waiting.delete(data.id);
        if (data.answer.statuses) remember(data.answer.statuses);
        return one?.resolve(data.answer);
      default: // the desk itself never fails, so this Python can't be trusted any more
        this.waiting.delete(data.id);
        one?.reject(new Error(data.message));
        return this.restart();
    }
  }

  tell(part, said) {
    this.progress = { part: Math.max(part ?? 0, this.progress.part % 1), said };
    for (const listener of this.listeners) listener(this.progress);
  }
}

function megabytes({ loaded, total }) {
  const [some, all] = [loaded, total].map((bytes) => (bytes / 1e6).toFixed(1));
  return `${some} of ${all}`;
}

/** Keep what each kata has come to where the next page sees it without any Python. */
function remember(statuses) {
  try {
    localStorage.setItem("fastapi-katas", JSON.stringify(statuses));
  } catch {
    // A browser that keeps nothing.
  }
}
