// The films of one conversation on their way in: one after the other, resumable, and their names
// never leave the browser. Draws nothing; tells of every change.

import { Upload } from "./vendor/tus.js";

const CHUNK = 16 * 1024 * 1024;
const SPEED_OVER_MS = 6000;
const WAITS_S = [2, 4, 8, 15, 30];
const SOUND = /\.(wav|mp3|m4a|aac|flac|ogg|opus|wma)$/i;
const FILM = /\.(mp4|mov|m4v|mts|m2ts|avi|mkv|webm|3gp|mpg|mpeg|wmv)$/i;
const PASSING = new Set([0, 409, 423, 429]);
const SIGNED_OUT = 401;
const BUSY = 423;
const FORGOTTEN = new Set([403, 404, 410]);

/** Return "camera", "sound" or null for something that is neither film nor sound. */
export function kindOf(file) {
  if (file.type.startsWith("video/") || FILM.test(file.name)) return "camera";
  if (file.type.startsWith("audio/") || SOUND.test(file.name)) return "sound";
  return null;
}

async function fingerprint(file, recording) {
  // The browser keeps this to find its way back after a reload: a hash, not the file's name.
  const told = new TextEncoder().encode([file.name, file.size, file.lastModified].join("|"));
  const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", told));
  const hex = [...hash.slice(0, 12)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return `${prefix(recording)}${hex}`;
}

const prefix = (recording) => `samspil-${recording}-`;

/** Say whether an upload of this recording was begun here and not finished. */
export function begun(recording) {
  return Object.keys(localStorage).some((key) => key.startsWith(`tus::${prefix(recording)}`));
}

export class UploadQueue extends EventTarget {
  constructor({ recording, endpoint = "/api/uploads", chunk = CHUNK }) {
    super();
    Object.assign(this, { recording, endpoint, chunk });
    this.files = [];
    this.state = "empty"; // empty, running, paused, waiting, signed_out, refused, done
    this.why = ""; // while waiting: line, busy (another tab sends it) or server (see failure)
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

  /** Take films and sound; return the number of files that are neither. */
  add(files) {
    const known = [...files].filter((file) => kindOf(file) && file.size);
    for (const file of known) {
      this.files.push({ file, kind: kindOf(file), size: file.size, sent: 0, kept: 0, state: "waits", upload: null });
    }
    if (known.length && this.state !== "running") this.resume();
    else this.tell();
    return files.length - known.length;
  }

  resume() {
    clearInterval(this.countdown);
    if (this.state === "done") return;
    this.state = "running";
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
    const { files } = this;
    this.files = [];
    await Promise.allSettled(files.map((each) => each.upload?.abort(true)));
    this.tell();
  }

  get current() {
    return this.files.find((each) => each.state !== "received");
  }

  async next() {
    const item = this.current;
    if (!item) {
      this.state = "done";
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
    const part = this.files.indexOf(item) + 1;
    return new Upload(item.file, {
      endpoint: this.endpoint,
      chunkSize: this.chunk,
      retryDelays: null, // waiting is told to the person, so it is done here
      removeFingerprintOnSuccess: true,
      metadata: { recording: this.recording, filetype: item.file.type, part: String(part), parts: String(this.files.length) },
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
    this.failure = told(response);
    item.state = "waits";
    item.sent = item.kept;
    // The last answer was lost, or another tab has gone on with what was begun here.
    if (this.failure.code === "AlreadyReceived" && item.kept) this.succeeded(item);
    else if (status === SIGNED_OUT) this.hold("signed_out");
    else if (status >= 400 && status < 500 && !PASSING.has(status)) this.hold("refused");
    else this.wait(status);
  }

  hold(state) {
    this.state = state;
    this.tell();
  }

  wait(status) {
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

function told(response) {
  try {
    const { error, message, advice } = JSON.parse(response.getBody());
    return { code: error, message, advice };
  } catch {
    return { code: "", message: "", advice: "" };
  }
}
