/*
 * Sends the chosen files in pieces before the form goes, and goes on after a cut where it stopped (tus 1.0). The form then
 * names what has arrived; the server checks it as if it had come with the form. Whatever this cannot do, the form can.
 */
const PIECE = 1 << 20;
const RETRY_MS = [1000, 2000, 4000, 8000, 15000];
const VERSION = "1.0.0";

const wait = (delay) =>
  new Promise((resolve) => {
    const done = () => {
      window.clearTimeout(timer);
      window.removeEventListener("online", done);
      resolve();
    };
    const timer = window.setTimeout(done, delay);
    window.addEventListener("online", done);
  });

/* A browser without a store sends from the beginning. */
const places = {
  get(key) {
    try {
      return window.localStorage.getItem(key);
    } catch {
      return null;
    }
  },
  set(key, place) {
    try {
      if (place) window.localStorage.setItem(key, place);
      else window.localStorage.removeItem(key);
    } catch {
      return;
    }
  },
};

const base64 = (bytes) => btoa(Array.from(bytes, (one) => String.fromCharCode(one)).join(""));
const text64 = (text) => base64(new TextEncoder().encode(text));

/* Only secure addresses have it; elsewhere the length alone is compared. */
async function digest(buffer) {
  return crypto?.subtle ? new Uint8Array(await crypto.subtle.digest("SHA-256", buffer)) : null;
}

class Refusal extends Error {}

class Sending {
  constructor(form, input, file) {
    this.form = form;
    this.file = file;
    this.part = input.name.replace(/^part-/, "");
    this.line = form.querySelector(`[data-sending="${CSS.escape(this.part)}"]`);
    this.key = `upload:${form.dataset.uploads}:${this.part}:${file.name}:${file.size}:${file.lastModified}`;
    this.tries = 0;
  }

  show(text, share = null) {
    if (!this.line) return;
    this.line.hidden = !text;
    const bar = this.line.querySelector("progress");
    if (share !== null) bar.value = share;
    this.line.querySelector("span").textContent = text
      .replace("{name}", this.file.name)
      .replace("{percent}", Math.floor(100 * bar.value));
  }

  call(address, method, headers = {}, body = undefined) {
    const token = this.form.elements.namedItem("csrf_token")?.value ?? "";
    const usual = { "Tus-Resumable": VERSION, "X-CSRFToken": token, "X-Requested-With": "upload" };
    return fetch(address, { method, body, headers: { ...usual, ...headers }, credentials: "same-origin", redirect: "error" });
  }

  async begin() {
    const hash = await digest(await this.file.arrayBuffer());
    const hex = hash ? Array.from(hash, (one) => one.toString(16).padStart(2, "0")).join("") : "";
    const said = { part: this.part, filename: this.file.name, ...(hex ? { sha256: hex } : {}) };
    const pairs = Object.entries(said).map(([name, value]) => `${name} ${text64(value)}`);
    const answer = await this.call(this.form.dataset.uploads, "POST", {
      "Upload-Length": String(this.file.size),
      "Upload-Metadata": pairs.join(","),
    });
    if (answer.status >= 500 && answer.status !== 507) throw new Error("later");
    if (answer.status !== 201) throw new Refusal();
    const place = answer.headers.get("Location");
    places.set(this.key, place);
    return [place, 0];
  }

  /* Where a file that was begun before stands; none when it is not known any more. */
  async resume() {
    const place = places.get(this.key);
    if (!place) return null;
    const answer = await this.call(place, "HEAD");
    if (answer.ok) return [place, Number(answer.headers.get("Upload-Offset"))];
    if (answer.status >= 500) throw new Error("later");
    places.set(this.key, null);
    return null;
  }

  async piece(place, offset) {
    const buffer = await this.file.slice(offset, offset + PIECE).arrayBuffer();
    const hash = await digest(buffer);
    const headers = { "Content-Type": "application/offset+octet-stream", "Upload-Offset": String(offset) };
    if (hash) headers["Upload-Checksum"] = `sha256 ${base64(hash)}`;
    const answer = await this.call(place, "PATCH", headers, buffer);
    if (answer.status === 204) return Number(answer.headers.get("Upload-Offset"));
    if ([404, 413, 415, 507].includes(answer.status) || answer.status === 403) throw new Refusal();
    throw new Error("later");
  }

  async attempt() {
    let [place, offset] = (await this.resume()) ?? (await this.begin());
    while (offset < this.file.size) {
      this.show(this.form.dataset.textSending, offset / this.file.size);
      offset = await this.piece(place, offset);
      this.tries = 0;
    }
    this.show(this.form.dataset.textChecking, 1);
    places.set(this.key, null);
    return place.split("/").pop();
  }

  async run() {
    for (;;) {
      try {
        return await this.attempt();
      } catch (problem) {
        if (problem instanceof Refusal) {
          places.set(this.key, null);
          throw problem;
        }
        this.show(this.form.dataset.textWaiting);
        await wait(RETRY_MS[Math.min(this.tries, RETRY_MS.length - 1)]);
        this.tries += 1;
      }
    }
  }
}

async function send(form, submitter, inputs) {
  const buttons = [...form.querySelectorAll("button[type=submit]")].filter((one) => !one.disabled);
  const names = [];
  buttons.forEach((one) => (one.disabled = true));
  try {
    for (const input of inputs) {
      names.push(await new Sending(form, input, input.files[0]).run());
      input.value = "";
    }
  } catch (problem) {
    // The file still stands in the form: sent with it, the server says in words what is wrong.
    if (!(problem instanceof Refusal)) throw problem;
  } finally {
    buttons.forEach((one) => (one.disabled = false));
  }
  form.elements.namedItem("sent").value = names.join(" ");
  form.dataset.uploaded = "1";
  form.requestSubmit(submitter?.isConnected ? submitter : undefined);
}

export function start(form) {
  form.addEventListener("submit", (event) => {
    const inputs = [...form.querySelectorAll("input[type=file]")].filter((one) => one.files.length === 1);
    if (form.dataset.uploaded || !inputs.length) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    send(form, event.submitter, inputs);
  });
}
