/* Computes the code of a promised result in the browser; without this, the page says how to do it by hand. */
const hex = (bytes) => [...new Uint8Array(bytes)].map((one) => one.toString(16).padStart(2, "0")).join("");
const bytes = (text) => Uint8Array.from(text.match(/../g) || [], (pair) => Number.parseInt(pair, 16));

export async function sealed(nonce, said) {
  const secret = bytes(nonce), text = new TextEncoder().encode(said);
  const both = new Uint8Array(secret.length + text.length);
  both.set(secret);
  both.set(text, secret.length);
  return hex(await crypto.subtle.digest("SHA-256", both));
}

for (const place of document.querySelectorAll("[data-promise]")) {
  if (!globalThis.crypto?.subtle) break; // only on secure addresses
  const said = place.querySelector("[data-promise-said]").textContent;
  sealed(place.dataset.nonce, said).then((found) => {
    const fits = found === place.dataset.digest;
    place.querySelector("[data-promise-verdict]").textContent = fits ? place.dataset.good : place.dataset.bad;
  });
}
