/* Keeps pages, their parts and small files on the device, where the worker finds them without network. */
import { PAGES } from "./account.js";

const PARTS = "judging-parts";
const OWNER = "Device-Account";
const MATCH = { ignoreVary: true };
export const LARGEST = 8 * 1024 * 1024;
export const MOST = 200 * 1024 * 1024;

/* Not on plain http: there a page that is open keeps working, and a closed one needs the network to open again. */
export const able = () => Boolean(window.isSecureContext && navigator.serviceWorker && window.caches);

export async function register(base) {
  if (!able()) return null;
  try {
    return await navigator.serviceWorker.register("/judging-worker.js", { scope: base });
  } catch {
    return null;
  }
}

async function keep(cache, address, answer) {
  const size = (await answer.clone().blob()).size;
  await cache.put(address, answer);
  return size;
}

async function weight(cache, request) {
  const found = await cache.match(request, MATCH);
  return found ? (await found.blob()).size : 0;
}

/* An address that was asked for, or one below it: the pictures of a file stand under the file. */
const belongs = (pathname, addresses) => addresses.some((one) => pathname === one || pathname.startsWith(`${one}/`));

/* Bytes of these pages and files on the device. */
export async function weigh(addresses) {
  const cache = await window.caches.open(PAGES);
  const there = (await cache.keys()).filter((request) => belongs(new URL(request.url).pathname, addresses));
  const sizes = await Promise.all(there.map((one) => weight(cache, one)));
  return sizes.reduce((sum, one) => sum + one, 0);
}

/* Bytes of styles, scripts and fonts, which all papers share. */
export async function weighParts() {
  const cache = await window.caches.open(PARTS);
  const sizes = await Promise.all((await cache.keys()).map((one) => weight(cache, one)));
  return sizes.reduce((sum, one) => sum + one, 0);
}

async function keepPart(address) {
  const cache = await window.caches.open(PARTS);
  const found = await cache.match(address, MATCH);
  if (found) return 0;
  const answer = await fetch(address);
  return answer.ok ? keep(cache, address, answer) : 0;
}

const parsed = (html) => new DOMParser().parseFromString(html, "text/html");

/* Every address of this site that a page shows or runs. */
function parts(page) {
  const found = [
    ...[...page.querySelectorAll("link[rel=stylesheet], link[rel=icon]")].map((one) => one.getAttribute("href")),
    ...[...page.querySelectorAll("script[src], img[src]")].map((one) => one.getAttribute("src")),
    ...[...page.querySelectorAll("use[href]")].map((one) => one.getAttribute("href").split("#")[0]),
  ];
  return [...new Set(found.filter((one) => one?.startsWith("/")))];
}

/* Returns the bytes that were added; throws when the page did not come, or came for somebody else. */
export async function keepPage(address, account) {
  const answer = await fetch(address, { credentials: "same-origin", cache: "no-store", redirect: "error" });
  if (!answer.ok || answer.headers.get(OWNER) !== account) throw new Error(`${answer.status} at ${address}`);
  const html = await answer.clone().text();
  let bytes = await keep(await window.caches.open(PAGES), address, answer);
  const page = parsed(html);
  for (const one of parts(page)) {
    bytes += one.startsWith("/static/") ? await keepPart(one) : ((await keepFile(one, LARGEST)) ?? 0);
  }
  for (const fold of page.querySelectorAll("[data-pages]")) bytes += await keepPictures(fold.dataset.pages);
  return bytes;
}

/* The pages of a file as pictures, which a fold of the paper shows; a fold that fails stays a link. */
async function keepPictures(address) {
  let bytes = (await keepFile(address, LARGEST)) ?? 0;
  const answer = await (await window.caches.open(PAGES)).match(address, MATCH);
  if (!answer) return bytes;
  const pictures = [...parsed(await answer.text()).querySelectorAll("img[src]")].map((one) => one.getAttribute("src"));
  for (const one of pictures.filter((place) => place.startsWith("/"))) bytes += (await keepFile(one, LARGEST)) ?? 0;
  return bytes;
}

export async function keepParts(addresses) {
  const sizes = await Promise.all(addresses.map((one) => keepPart(one)));
  return sizes.reduce((sum, one) => sum + one, 0);
}

/* Null for a file that is too large or not there. */
export async function keepFile(address, room) {
  const cache = await window.caches.open(PAGES);
  if (await cache.match(address, MATCH)) return 0;
  const answer = await fetch(address, { credentials: "same-origin", redirect: "error" });
  if (!answer.ok || Number(answer.headers.get("Content-Length") ?? 0) > Math.min(room, LARGEST)) {
    await answer.body?.cancel();
    return null;
  }
  return keep(cache, address, answer);
}

/* Removes pages and files of `base` that are not in `wanted`. */
export async function keepOnly(base, wanted) {
  const cache = await window.caches.open(PAGES);
  for (const request of await cache.keys()) {
    const { pathname } = new URL(request.url);
    if (pathname.startsWith(base) && !belongs(pathname, wanted)) await cache.delete(request);
  }
}

export async function kept(address) {
  return able() && Boolean(await (await window.caches.open(PAGES)).match(address, MATCH));
}
