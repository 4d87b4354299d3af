/* Asks the device for a passkey; everything else is ordinary forms. Where the browser cannot, the box stays hidden. */
const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (letter) => letter.charCodeAt(0));
const text = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
const withBytes = (list) => (list ?? []).map((one) => ({ ...one, id: bytes(one.id) }));

function question(asked) {
  const read = { ...asked, challenge: bytes(asked.challenge) };
  if (asked.user) read.user = { ...asked.user, id: bytes(asked.user.id) };
  if (asked.excludeCredentials) read.excludeCredentials = withBytes(asked.excludeCredentials);
  if (asked.allowCredentials) read.allowCredentials = withBytes(asked.allowCredentials);
  return read;
}

/* The same as PublicKeyCredential.toJSON, which older browsers and some password managers lack. */
function written(credential) {
  const { response } = credential;
  const said = { clientDataJSON: text(response.clientDataJSON) };
  for (const part of ["attestationObject", "authenticatorData", "signature", "userHandle"])
    if (response[part]) said[part] = text(response[part]);
  return JSON.stringify({ id: credential.id, rawId: text(credential.rawId), type: credential.type, response: said });
}

async function ask(box, form) {
  const headers = { "X-Requested-With": "passkey" };
  const answer = await fetch(form.action, { method: "POST", body: new FormData(form), headers });
  const read = await answer.json();
  if (!answer.ok) throw new Error(read.message);
  const options = { publicKey: question(read) };
  return box.dataset.passkey === "create" ? navigator.credentials.create(options) : navigator.credentials.get(options);
}

export function start(box) {
  if (!window.PublicKeyCredential) return;
  const form = box.querySelector("[data-passkey-ask]");
  const finish = box.querySelector("#passkey-answer");
  const error = box.querySelector("[data-passkey-error]");
  const button = form.querySelector("button[type=submit]");
  box.hidden = false;
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    error.hidden = true;
    button.disabled = true;
    try {
      finish.elements.answer.value = written(await ask(box, form));
      finish.submit();
    } catch (fault) {
      // The browser's own faults are in its language and say little; those of the site are sentences.
      error.textContent = fault instanceof DOMException || !fault.message ? box.dataset.textFailed : fault.message;
      error.hidden = false;
      button.disabled = false;
    }
  });
}
