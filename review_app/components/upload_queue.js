// The files of one film on their way in: one after the other, resumable, and their names never leave
// the browser. Where there are several, the server is told which and in what order before it gets
// them, and again whenever that changes. Draws nothing; tells of every change.

import { inOrder, isBeside, kindOf } from "./film_files.js";
import { Upload } from "./vendor/tus.js";

const CHUNK = 16 * 1024 * 1024;
const SPEED_OVER_MS = 6000;
const WAITS_S = [2, 4, 8, 15, 30];
const PASSING = new Set([0, 409, 423, 429]);
const SIGNED_OUT = 401;
const BUSY = 423;
const FORGOTTEN = new Set([403, 404, 410]);

async function fingerprint(file, recording) {
  // The browser keeps this to find its way back after a reload: a hash, not the file's name.
  const told = new TextEncoder().encode([file.name, file.size, file.lastModified].join("|"));
  const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", told));
  const hex = [...hash.slice(0, 12)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return `${prefix(recording)}${hex}`;
}

const prefix = (recording) => `samspil-${recording}-`;
const PART = "part::";

/** Say whether an upload of this recording was begun here and not finished. */
export function begun(recording) {
  return Object.keys(localStorage).some((key) => key.startsWith(`tus::${prefix(recording)}`));
}

export class UploadQueue extends EventTarget {
  constructor({ recording, endpoint = "/api/uploads", chunk = CHUNK }) {
    super();
    Object.assign(this, { recording, endpoint, chunk });
    this.files = [];
    this.state = "empty"; // empty, running, paused, waiting, signed_out, refused, lacking, done
    this.why = ""; // while waiting: line, busy (another tab sends it) or server (see failure)
    this.told = true; // whether the server knows of the files as they stand
    this.failure = null;
    this.seen = [];
    this.tries = 0;
    this.back = () => this.state === "waiting" && this.resume();
    this.seenAgain = () => this.state === "signed_out" && !document.hidden && this.resume();
    addEventListener("online", this.back);
    document.addEventListener("visibilitychange", this.seenAgain);
  }

  get total() {
    return this.files.reduce((sum, each) => sum + each.size, 0);
  }

  get sent() {
    return this.files.reduce((sum, each) => sum + each.sent, 0);
  }

  /** Bytes that the server has said to be safe; a little more may be. */
  get kept() {
    return this.files.reduce((sum, each) => sum + each.kept, 0);
  }

  /** Bytes in a second, over the last few; 0 while that cannot be said. */
  get speed() {
    const [first] = this.seen;
    const last = this.seen.at(-1);
    if (!first || last.at - first.at < 500) return 0;
    return ((last.sent - first.sent) / (last.at - first.at)) * 1000;
  }

  /** Take films and sound in the order they were made; return the number of files that are neither. */
  async add(files) {
    const known = inOrder([...files].filter((file) => kindOf(file) && file.size));
    for (const file of known) {
      const place = await fingerprint(file, this.recording);
      const id = localStorage.getItem(PART + place);
      // Another computer has no notes: there the file stands in for the first that is missing.
      const missing = this.files.filter((each) => !each.file && (id === null ? each.state !== "received" && each.kind === kindOf(file) : each.id === id));
      const [awaited] = missing;
      const item = awaited ?? { id: this.files.length ? crypto.randomUUID() : "", kind: kindOf(file), sent: 0, kept: 0, state: "waits", upload: null };
      if (!awaited && this.files.some((each) => each.place === place)) continue; // chosen twice
      Object.assign(item, { file, place, size: file.size });
      if (item.state === "received") Object.assign(item, { sent: file.size, kept: file.size });
      localStorage.setItem(PART + place, item.id);
      if (!awaited) this.files.push(item);
    }
    if (known.length) {
      if (this.files.length > 1) this.arrange();
      if (this.state !== "running") this.resume();
      else this.tell();
    }
    return [...files].filter((file) => !known.includes(file) && !isBeside(file)).length;
  }

  /** Take over what the server knows of from before; what has not arrived waits to be chosen again. */
  know(parts) {
    if (this.files.length || this.state !== "empty" || this.stopped) return;
    this.files = parts.map(({ id, kind, received }) => ({ id, kind, file: null, size: 0, sent: 0, kept: 0, state: received ? "received" : "waits", upload: null }));
    this.tell();
  }

  /** Put a file earlier or later; return whether it could be. */
  move(item, by) {
    const place = this.files.indexOf(item);
    if (!this.files[place + by]) return false;
    this.files.splice(place, 1);
    this.files.splice(place + by, 0, item);
    this.arrange();
    this.tell();
    return true;
  }

  /** Let go of a file; the server deletes what it has of it. */
  takeOut(item) {
    item.upload?.abort();
    this.forget([item]);
    this.files = this.files.filter((each) => each !== item);
    this.arrange();
    if (!this.files.length) this.state = "empty";
    else if (this.state === "running" || this.state === "lacking") this.resume();
    this.tell();
  }

  arrange() {
    this.told = false;
    this.telling = Promise.resolve(this.telling).then(() => this.tellServer());
  }

  async tellServer() {
    if (this.told) return; // the telling before this one has told all
    this.told = true;
    const parts = this.files.map(({ id, kind }) => ({ id, kind }));
    try {
      const answer = await fetch(`/api/recordings/${encodeURIComponent(this.recording)}/parts`, { method: "PUT", headers: { "Content-Type": "application/json" }, body: JSON.stringify(parts) });
      if (answer.ok) return;
      this.untold(answer.status, await answer.text());
    } catch {
      this.untold(0, "");
    }
  }

  /** Where nothing is being sent, the server is told when it goes on. */
  untold(status, body) {
    this.told = false;
    this.failure = told(body);
    if (this.state === "running") this.hinder(status);
  }

  forget(items) {
    for (const { place } of items) if (place) localStorage.removeItem(PART + place);
  }

  resume() {
    clearInterval(this.countdown);
    if (this.state === "done") return;
    this.state = "running";
    if (!this.told) this.arrange();
    this.failure = null;
    this.seen = [];
    this.next();
    this.tell();
  }

  pause() {
    clearInterval(this.countdown);
    this.state = "paused";
    this.current?.upload?.abort();
    this.tell();
  }

  /** End everything and have the server erase what it has got. */
  async stop() {
    clearInterval(this.countdown);
    this.state = "empty";
    this.stopped = true;
    const { files } = this;
    this.files = [];
    await Promise.allSettled(files.map((each) => each.upload?.abort(each.state !== "received")));
    this.forget(files);
    this.arrange();
    this.tell();
  }

  get current() {
    return this.files.find((each) => each.file && each.state !== "received");
  }

  async next() {
    await this.telling;
    if (this.state !== "running" || !this.told) return;
    const item = this.current;
    if (!item) {
      const whole = this.files.every((each) => each.state === "received");
      this.state = whole ? "done" : "lacking";
      if (whole) this.forget(this.files);
      this.tell();
      return;
    }
    item.state = "sending";
    if (!item.upload) {
      item.upload = this.uploadOf(item);
      const former = await item.upload.findPreviousUploads();
      if (former.length) item.upload.resumeFromPreviousUpload(former[0]);
      if (this.state !== "running") return;
    }
    item.upload.start();
  }

  uploadOf(item) {
    const part = item.id ? { part: item.id } : {};
    return new Upload(item.file, {
      endpoint: this.endpoint,
      chunkSize: this.chunk,
      retryDelays: null, // waiting is told to the person, so it is done here
      removeFingerprintOnSuccess: true,
      metadata: { recording: this.recording, filetype: item.file.type, ...part },
      fingerprint: (file) => fingerprint(file, this.recording),
      onProgress: (sent) => this.progressed(item, sent),
      onChunkComplete: (_size, kept) => {
        item.kept = kept;
      },
      onAfterResponse: checkRemembered,
      onSuccess: () => this.succeeded(item),
      onError: (error) => this.failed(item, error),
    });
  }

  succeeded(item) {
    item.sent = item.size;
    item.kept = item.size;
    item.state = "received";
    this.next();
    this.tell();
  }

  progressed(item, sent) {
    const now = performance.now();
    // What was on its way when it was paused comes again: the bar waits for it.
    if (sent >= item.sent || sent < item.kept) item.sent = sent;
    this.tries = 0;
    this.seen.push({ at: now, sent: this.sent });
    while (this.seen.length > 2 && now - this.seen[0].at > SPEED_OVER_MS) this.seen.shift();
    this.tell();
  }

  failed(item, error) {
    if (this.state !== "running") return;
    const response = error.originalResponse ?? error.causingError?.response;
    const status = response?.getStatus() ?? 0;
    this.failure = told(response?.getBody() ?? "");
    item.state = "waits";
    item.sent = item.kept;
    // The last answer was lost, or another tab has gone on with what was begun here.
    if (this.failure.code === "AlreadyReceived" && item.kept) this.succeeded(item);
    else this.hinder(status);
  }

  /** Wait for what passes by itself, and for a person where it does not. */
  hinder(status) {
    if (status === SIGNED_OUT) this.hold("signed_out");
    else if (status >= 400 && status < 500 && !PASSING.has(status)) this.hold("refused");
    else this.wait(status);
  }

  hold(state) {
    this.state = state;
    this.tell();
  }

  wait(status) {
    clearInterval(this.countdown);
    this.why = status === BUSY ? "busy" : this.failure.message ? "server" : "line";
    this.left = WAITS_S[Math.min(this.tries, WAITS_S.length - 1)];
    this.tries += 1;
    this.countdown = setInterval(() => {
      this.left -= 1;
      if (this.left <= 0) this.resume();
      else this.tell();
    }, 1000);
    this.hold("waiting");
  }

  tell() {
    this.dispatchEvent(new Event("change"));
  }

  destroy() {
    clearInterval(this.countdown);
    removeEventListener("online", this.back);
    document.removeEventListener("visibilitychange", this.seenAgain);
    this.current?.upload?.abort();
    this.state = "paused";
  }
}

// A server that is away, or that asks who is there, has not forgotten an upload. The client would
// take it so, and send the film from its beginning.
function checkRemembered(request, response) {
  const status = response.getStatus();
  if (request.getMethod() !== "HEAD" || status < 300 || FORGOTTEN.has(status)) return;
  throw Object.assign(new Error(`answered ${status}`), { response });
}

function told(body) {
  try {
    const { error, message, advice } = JSON.parse(body);
    return { code: error, message, advice };
  } catch {
    return { code: "", message: "", advice: "" };
  }
}
