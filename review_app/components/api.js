/**
 * Talking with the server, and telling the person when that failed. No page, no words of its own.
 *
 *   const api = new Api(recording, { labels, toasts });
 *   await api.get("desk")                     GET  /api/recordings/{id}/desk -> object
 *   await api.intent("write_note", {...})     POST /api/recordings/{id}/intents -> result
 *   await api.send("own-text/look", file)     POST a file -> object, or null
 *   await api.correct("name_speaker", {...})  POST /api/recordings/{id}/text -> what to draw anew
 *   await api.draft(field)                    the kept draft's text, or ""
 *   await api.reach(url, body)                GET, or POST as JSON, an address of no recording
 *   api.url("media")                          /api/recordings/{id}/media
 *   new Api(course, { …, under: "courses" })  the same of a course
 *   new Toasts(labels)                        .element to place once in a shell
 *     .show(text, {advice, tone, action: {label, run}, stay})   tone: "info", "wait", "stop", "ok"
 *     .failed(error)
 *
 * Every failure is an ApiError with code, message and advice in the user's language, as the server
 * wrote them; code is "offline" when nothing was answered and "conflict" when somebody else saved
 * first (error.body then has what is stored). Intents arrive in the order asked for. `intent` shows
 * failures itself unless {quiet: true}, and throws in any case, so that the caller keeps what was
 * not saved.
 */

import { el } from "./dom.js";
import { icon } from "./icons.js";

const SHOWN_MS = 8000;
const MOST_KEPT_ALIVE = 16_384; // bytes; a browser carries 64 KiB in all for a page that is left

/** A POST of JSON; one that is not long reaches the server although the page is left at once. */
function posted(told) {
  const body = JSON.stringify(told);
  const keepalive = body.length * 3 <= MOST_KEPT_ALIVE; // at most three bytes a letter
  return { method: "POST", headers: { "Content-Type": "application/json" }, body, keepalive };
}

const waiting = [];
let sending = false;

/** Send one after another, in the order asked for: the older of two on their way may arrive last. */
async function inOrder(send) {
  if (sending) await new Promise((go) => waiting.push(go));
  sending = true;
  try {
    return await send();
  } finally {
    if (waiting.length) waiting.shift()();
    else sending = false;
  }
}

// A page that is left waits for no answer.
addEventListener("pagehide", () => waiting.splice(0).forEach((go) => go()));

export class ApiError extends Error {
  constructor({ status = 0, code = "offline", message = "", advice = "", body = null }) {
    super(message);
    this.status = status;
    this.code = code;
    this.advice = advice;
    this.body = body;
  }

  /** Whether trying again later may help. */
  get passing() {
    return this.status === 0 || this.status >= 500 || this.status === 429;
  }
}

export class Api {
  #base;
  #labels;
  #toasts;

  constructor(id, { labels, toasts = null, under = "recordings" }) {
    this.#base = `/api/${under}/${encodeURIComponent(id)}`;
    this.#labels = labels;
    this.#toasts = toasts;
  }

  url(leaf) {
    return `${this.#base}/${leaf}`;
  }

  get(leaf, { signal } = {}) {
    return this.#call(this.url(leaf), { signal });
  }

  async intent(name, args = {}, { quiet = false } = {}) {
    try {
      const told = posted({ ...args, intent: name });
      const answer = await inOrder(() => this.#call(this.url("intents"), told));
      return answer.result;
    } catch (error) {
      if (!quiet) this.#toasts?.failed(error);
      throw error;
    }
  }

  /** POST a file as it is; throws as every call does. */
  send(leaf, file) {
    return this.#call(this.url(leaf), { method: "POST", body: file });
  }

  /** GET an address that is no recording's, or POST a body there as JSON; throws as every call. */
  reach(url, body = null, { signal } = {}) {
    if (body === null) return this.#call(url, { signal });
    return this.#call(url, { ...posted(body), signal });
  }

  /** Correct the text; a conflict's error.body.stored says how it reads by now. */
  async correct(name, args) {
    return (await this.#call(this.url("text"), posted({ ...args, intent: name }))).result;
  }

  async draft(field) {
    const answer = await this.get(`draft?field=${encodeURIComponent(field)}`);
    return answer?.text ?? "";
  }

  async #call(url, options) {
    let response;
    try {
      response = await fetch(url, { credentials: "same-origin", cache: "no-store", ...options });
    } catch (cause) {
      if (cause.name === "AbortError") throw cause;
      throw new ApiError({ message: this.#labels.offline, advice: this.#labels.offline_advice });
    }
    const body = await response.json().catch(() => null);
    if (response.ok) return body;
    throw new ApiError({
      status: response.status,
      code: response.status === 409 ? "conflict" : (body?.error ?? "refused"),
      message: body?.message ?? this.#labels.failed,
      advice: body?.advice ?? "",
      body,
    });
  }
}

export class Toasts {
  #labels;

  constructor(labels) {
    this.#labels = labels;
    this.element = el("div", { class: "toasts", role: "status", "aria-live": "polite" });
  }

  show(text, { advice = "", tone = "info", action = null, stay = false } = {}) {
    const away = () => toast.remove();
    const act = () => {
      away();
      action.run();
    };
    const toast = el(
      "div",
      { class: `banner toast ${tone}` },
      icon(tone === "ok" ? "check" : tone === "info" ? "info" : "warning"),
      el("div", { class: "grow" }, el("b", { text }), advice ? el("p", { text: advice }) : null),
      action ? el("button", { type: "button", class: "btn sm", text: action.label, on: { click: act } }) : null,
      el("button", { type: "button", class: "btn sm ic q", "aria-label": this.#labels.close, on: { click: away } }, icon("close")),
    );
    this.element.append(toast);
    if (!stay) setTimeout(away, SHOWN_MS);
    return away;
  }

  failed(error) {
    return this.show(error.message, { advice: error.advice, tone: error.passing ? "wait" : "stop" });
  }
}
