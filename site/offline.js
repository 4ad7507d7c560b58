// Keeps the pages that were read, once katas were tried in one of them: both then work
// without a connection. What has its contents' number in its name never changes; of all
// else the newest is shown, or what was kept where there is no connection.
const CACHE = "fastapi-katas";
const FIXED = /\/page\/(python-[\d.]+\/|[\w]+-[\w]{8,}\.(js|css|pack|zip)$)/;

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || !request.url.startsWith(self.registration.scope)) return;
  event.respondWith(FIXED.test(url.pathname) ? kept(request) : newest(request));
});

async function kept(request) {
  const cache = await caches.open(CACHE);
  return (await cache.match(request)) ?? stored(cache, request);
}

async function newest(request) {
  const cache = await caches.open(CACHE);
  try {
    return await stored(cache, request);
  } catch (error) {
    const found = await cache.match(request, { ignoreSearch: true });
    if (found) return found;
    throw error;
  }
}

async function stored(cache, request) {
  const response = await fetch(request);
  if (response.status === 200) await cache.put(request, response.clone()).catch(() => {});
  return response;
}
