/*
 * The service worker of a judge's pages: network first, and what the device keeps when the network is away or too slow.
 * It never touches a POST; marks travel through the outbox of the page.
 */
const PAGES = "judging-pages";
const PARTS = "judging-parts";
const OWNER = "Device-Account";
const PAGE_MS = 3000;
const PART_MS = 3000;
const AWAY_MS = 15_000;
const MATCH = { ignoreVary: true };

/* Until when the network counts as away: a page that came from the store takes its parts from there, too. */
let away = 0;

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

/* The network's answer within `patience`, or null. What comes later is still kept by `keep`. */
function network(request, patience, keep) {
  const asked = fetch(request).then((answer) => keep(answer));
  if (!patience) return asked;
  const late = new Promise((resolve) => setTimeout(resolve, patience, null));
  return Promise.race([asked.catch(() => null), late]);
}

/* Pages of one account only: the first page of another one removes those of the one before. */
async function keepPage(request, answer) {
  const owner = answer.headers.get(OWNER);
  if (!answer.ok || answer.redirected || !owner) return answer;
  const copy = answer.clone();
  const cache = await caches.open(PAGES);
  for (const kept of await cache.keys()) {
    const other = await cache.match(kept, MATCH);
    if ((other?.headers.get(OWNER) ?? owner) !== owner) {
      await caches.delete(PAGES);
      break;
    }
  }
  await (await caches.open(PAGES)).put(new URL(request.url).pathname, copy);
  return answer;
}

async function page(request) {
  const { pathname } = new URL(request.url);
  const kept = await (await caches.open(PAGES)).match(pathname, MATCH);
  const answer = await network(request, kept ? PAGE_MS : 0, (one) => keepPage(request, one)).catch(() => null);
  // A crashing or restarting server is a network that is away.
  if (answer && answer.status < 500) {
    away = 0;
    return answer;
  }
  away = Date.now() + AWAY_MS;
  return kept ?? answer ?? elsewhere(pathname);
}

/* A page that is not on the device: the judge's page about the device says what is. */
async function elsewhere(pathname) {
  const base = pathname.match(/^\/e\/[^/]+\/judging\//)?.[0];
  const about = base && (await (await caches.open(PAGES)).match(`${base}device/`, MATCH));
  return about ? Response.redirect(`${base}device/#missing`, 302) : Response.error();
}

async function part(request) {
  const cache = await caches.open(PARTS);
  const kept = await cache.match(request, MATCH);
  if (kept && (Date.now() < away || new URL(request.url).searchParams.has("v"))) return kept;
  const answer = await network(request, kept ? PART_MS : 0, (one) => keepPart(cache, request, one)).catch(() => null);
  return answer ?? kept ?? Response.error();
}

async function keepPart(cache, request, answer) {
  if (answer.status !== 200) return answer;
  const copy = answer.clone();
  await cache.delete(request, { ignoreSearch: true, ignoreVary: true });
  await cache.put(request, copy);
  return answer;
}

/* A file of an entry never changes under its address; only what was made ready is kept. */
async function file(request) {
  const kept = await (await caches.open(PAGES)).match(new URL(request.url).pathname, MATCH);
  return kept ?? fetch(request);
}

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== self.location.origin) return;
  if (url.pathname.startsWith("/static/")) event.respondWith(part(request));
  else if (/\/judging\/device\/.+/.test(url.pathname)) return;
  else if (request.mode === "navigate" && !/\/judging\/files\//.test(url.pathname)) event.respondWith(page(request));
  else if (/\/e\/[^/]+\/judging\//.test(url.pathname)) event.respondWith(file(request));
});
