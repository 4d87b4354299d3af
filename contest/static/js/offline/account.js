/*
 * Whose device it is. One account at a time can read what is kept here; when another one signs in, the pages and the
 * key of the first are removed at once, and only the sealed outbox stays for its owner.
 */
import * as store from "./store.js";

export const PAGES = "judging-pages";
const FLAG = "judging-account";

function flag(account) {
  try {
    if (account) window.localStorage.setItem(FLAG, account);
    else window.localStorage.removeItem(FLAG);
  } catch {
    /* Only saves a look into the database on other pages. */
  }
}

export function flagged() {
  try {
    return window.localStorage.getItem(FLAG);
  } catch {
    return null;
  }
}

export const current = () => store.read("device", "active");

const clearPages = () => (window.caches ? window.caches.delete(PAGES) : Promise.resolve(false));

/* Removes what `account` could read here; its unsent sheets stay sealed unless `unsent` goes too. */
export async function forget(account, { unsent = false } = {}) {
  await clearPages();
  await store.write("device", (place) => store.answered(place.clear()));
  const mine = (row) => row.account === account;
  for (const name of unsent ? ["papers", "lists", "outbox"] : ["papers", "lists"]) {
    for (const row of (await store.readAll(name)).filter(mine)) await store.drop(name, row.id);
  }
  flag(null);
}

/* The page belongs to `account`, says the server: the device is its from here on. */
export async function adopt(account, key) {
  const held = await current();
  if (held && held.account !== account) await forget(held.account);
  if (held?.account !== account || held.key !== key) await store.put("device", { name: "active", account, key });
  flag(account);
  return { account, key };
}

/* How many sheets of other people wait on this device. */
export async function strangers(account) {
  return (await store.readAll("outbox")).filter((row) => row.account !== account).length;
}
