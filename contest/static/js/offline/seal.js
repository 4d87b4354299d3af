/*
 * Seals what is kept on the device under the account's key, which only the server can give again. When the account
 * leaves the device its key leaves too: what was not sent yet stays, unreadable, until its owner signs in here again.
 * Web Crypto exists on https and localhost only; a venue's plain http takes the same kind of cipher from a library.
 */
const NONCE = 12;

export const hex = (bytes) => [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
const bytesOf = (text) => Uint8Array.from(text.match(/../g) ?? [], (pair) => parseInt(pair, 16));

async function native(key) {
  const made = await crypto.subtle.importKey("raw", bytesOf(key), "AES-GCM", false, ["encrypt", "decrypt"]);
  const run = (verb, iv, data) => crypto.subtle[verb]({ name: "AES-GCM", iv }, made, data);
  return { lock: (nonce, data) => run("encrypt", nonce, data), open: (nonce, data) => run("decrypt", nonce, data) };
}

async function library(key) {
  const { chacha20poly1305 } = await import("../../vendor/noble-ciphers-2.4.0/chacha.js");
  const cipher = (nonce) => chacha20poly1305(bytesOf(key), nonce);
  return { lock: (nonce, data) => cipher(nonce).encrypt(data), open: (nonce, data) => cipher(nonce).decrypt(data) };
}

const made = new Map();

function cipherOf(key) {
  if (!made.has(key)) made.set(key, crypto.subtle ? native(key) : library(key));
  return made.get(key);
}

export async function seal(key, value) {
  const nonce = crypto.getRandomValues(new Uint8Array(NONCE));
  const text = new TextEncoder().encode(JSON.stringify(value));
  const locked = new Uint8Array(await (await cipherOf(key)).lock(nonce, text));
  const whole = new Uint8Array(NONCE + locked.length);
  whole.set(nonce);
  whole.set(locked, NONCE);
  return whole;
}

/* Null for what this key does not open. */
export async function unseal(key, whole) {
  try {
    const text = await (await cipherOf(key)).open(whole.slice(0, NONCE), whole.slice(NONCE));
    return JSON.parse(new TextDecoder().decode(text));
  } catch {
    return null;
  }
}
