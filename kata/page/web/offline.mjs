// After the first use: what this page and its katas need is kept, so that they work
// without a connection. offline.js, at the root of the site, answers from it.
const CACHE = "fastapi-katas"; // as in offline.js

/** Keep this page, and all parts of its lesson; what an older site kept is removed. */
export async function keep(base, manifest, lesson) {
  if (!navigator.serviceWorker || !globalThis.caches) return;
  const root = new URL("..", base);
  await navigator.serviceWorker.register(new URL("offline.js", root), { scope: root.pathname });
  const cache = await caches.open(CACHE);
  const files = filesOf(manifest).map((file) => base + file);
  const parts = manifest.lessons[lesson].map((part) => base + manifest.parts[part].file);
  const lost = new Set([...Object.values(manifest.parts).map(({ file }) => base + file), ...files]);
  for (const { url } of await cache.keys()) {
    if (url.startsWith(base) && !lost.has(url) && !/(start\.js|page\.json)$/.test(url)) await cache.delete(url);
  }
  const read = performance.getEntriesByType("resource").map(({ name }) => name);
  const here = [location.href.split("#")[0], ...read.filter((name) => name.startsWith(root.href))];
  for (const url of new Set([...files, ...parts, ...here])) {
    if (!(await cache.match(url))) await cache.add(url).catch(() => {});
  }
}

/** Return what every kata needs, whichever parts it loads. */
function filesOf({ python, stdlib, wasm, worker, app, style, python_files: own }) {
  return [stdlib.file, wasm.file, worker, app, style, ...own.map((name) => `${python}/${name}`)];
}
