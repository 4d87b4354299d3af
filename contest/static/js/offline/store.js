/*
 * The device's own database: what was typed and not yet stored by the server (outbox), what the server answered last
 * (papers), the list of a judge (lists) and whose device it is (device). Strict durability: a committed write is on the
 * disk, not in a buffer, when the battery is pulled.
 */
const NAME = "bang-vang-judging";
const STORES = { outbox: "id", papers: "id", lists: "id", device: "name" };
let opening = null;

function connect() {
  return new Promise((resolve, reject) => {
    const asked = window.indexedDB.open(NAME, 1);
    asked.onupgradeneeded = () => {
      for (const [name, keyPath] of Object.entries(STORES)) asked.result.createObjectStore(name, { keyPath });
    };
    asked.onerror = () => reject(asked.error);
    asked.onsuccess = () => {
      asked.result.onversionchange = () => asked.result.close();
      asked.result.onclose = () => (opening = null);
      resolve(asked.result);
    };
  });
}

const opened = () => (opening ??= connect());

export function answered(request) {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

export async function read(store, key) {
  return answered((await opened()).transaction(store).objectStore(store).get(key));
}

export async function readAll(store) {
  return answered((await opened()).transaction(store).objectStore(store).getAll());
}

/* Runs `work(objectStore)`, which may only wait for requests of this transaction; done when it is on the disk. */
export async function write(store, work) {
  const transaction = (await opened()).transaction(store, "readwrite", { durability: "strict" });
  const done = new Promise((resolve, reject) => {
    transaction.oncomplete = resolve;
    transaction.onabort = () => reject(transaction.error);
  });
  const result = await work(transaction.objectStore(store));
  await done;
  return result;
}

export const put = (store, row) => write(store, (place) => answered(place.put(row)));
export const drop = (store, key) => write(store, (place) => answered(place.delete(key)));

/* A database that was never made holds nothing: asking must not make it on the pages of everybody. */
export async function exists() {
  if (!window.indexedDB) return false;
  if (!window.indexedDB.databases) return true;
  return (await window.indexedDB.databases()).some((one) => one.name === NAME);
}
