/*
 * The sign-out button, on every page: it clears the device, and asks first when marks were not sent. On a page of
 * another account than the one before, what that one could read here is removed at once.
 */
import { current, flagged, forget, strangers } from "./account.js";
import { exists, readAll } from "./store.js";

async function switched(account) {
  const held = await current();
  if (held && held.account !== account) await forget(held.account);
}

async function leave(form, account) {
  if (!(await exists())) return form.submit();
  const mine = (await readAll("outbox")).filter((row) => row.account === account);
  if (mine.length) {
    window.location.assign(`${mine[0].base}device/#sign-out`);
    return undefined;
  }
  await forget(account);
  if (await strangers(account)) {
    const keep = { type: "hidden", name: "keep", value: "1" };
    form.append(Object.assign(document.createElement("input"), keep));
  }
  return form.submit();
}

export function start(form) {
  const { account } = form.dataset;
  if (flagged() && flagged() !== account) switched(account);
  form.addEventListener("submit", (event) => {
    if (!flagged()) return;
    event.preventDefault();
    leave(form, account).catch(() => form.submit());
  });
}
