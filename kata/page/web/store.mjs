// What a reader wrote, kept in the browser: files of the workspace, and drafts of cells.

const NAME = "fastapi-katas";

function done(request) {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

function whole(transaction) {
  return new Promise((resolve, reject) => {
    transaction.oncomplete = resolve;
    transaction.onabort = () => reject(transaction.error ?? new Error("it was not stored"));
  });
}

/** Files and drafts in the browser's database. Several tabs may use it. */
export class Store {
  static async open() {
    const request = indexedDB.open(NAME, 1);
    request.onupgradeneeded = () => {
      for (const name of ["files", "drafts", "about"]) request.result.createObjectStore(name);
    };
    const store = new Store();
    store.db = await done(request);
    store.db.onversionchange = () => store.db.close();
    return store;
  }

  /** The number of the last change to the files. */
  async version() {
    const about = this.db.transaction("about").objectStore("about");
    return (await done(about.get("version"))) ?? 0;
  }

  async files() {
    const files = this.db.transaction("files").objectStore("files");
    const [names, contents] = await Promise.all([done(files.getAllKeys()), done(files.getAll())]);
    return new Map(names.map((name, at) => [name, contents[at]]));
  }

  /** Store what changed, all of it or nothing; return the number of this change. */
  async save(changed, removed) {
    const transaction = this.db.transaction(["files", "about"], "readwrite");
    const files = transaction.objectStore("files");
    const about = transaction.objectStore("about");
    const version = ((await done(about.get("version"))) ?? 0) + 1;
    for (const [name, data] of changed) files.put(data, name);
    for (const name of removed) files.delete(name);
    about.put(version, "version");
    await whole(transaction);
    return version;
  }

  async draft(kata) {
    return done(this.db.transaction("drafts").objectStore("drafts").get(kata));
  }

  async keepDraft(kata, source) {
    const transaction = this.db.transaction("drafts", "readwrite");
    transaction.objectStore("drafts").put(source, kata);
    await whole(transaction);
  }
}

/** Remove every draft, so that what was brought back, or nothing, is what is seen. */
export async function dropDrafts(store) {
  if (store instanceof Memory) return store.drafts.clear();
  const transaction = store.db.transaction("drafts", "readwrite");
  transaction.objectStore("drafts").clear();
  return whole(transaction);
}

/** The same for as long as the page is open, where the browser keeps nothing. */
export class Memory {
  constructor(kept = new Map(), onSave = () => {}) {
    this.kept = kept;
    this.onSave = onSave;
    this.drafts = new Map();
  }

  async version() {
    return 0;
  }

  async files() {
    return this.kept;
  }

  async save(changed, removed) {
    for (const [name, data] of changed) this.kept.set(name, data);
    for (const name of removed) this.kept.delete(name);
    this.onSave(this.kept);
    return 0;
  }

  async draft(kata) {
    return this.drafts.get(kata);
  }

  async keepDraft(kata, source) {
    this.drafts.set(kata, source);
  }
}
