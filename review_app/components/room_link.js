/**
 * The line to the joint room: connect, stay connected, know the server's clock, lose no note.
 * No page and no film.
 *
 *   const link = new RoomLink(recording, { memory: sessionStorage });
 *   link.connect()  link.send(message)  link.command(kind, values)  link.note(args) -> cid
 *   link.srvNow()             the server's clock, in ms
 *   link.clock                offset, rtt, ready (see sync.js)
 *   link.unsent               notes that the server has not answered: [{cid, ...args}], in order
 *   link.destroy()
 *
 * Events: open; message (detail = the message, with heard_ms); lost; closed {reason}.
 * A note waits in `memory` until the server has answered it, and is sent again after every
 * reconnect under the same cid, which the server writes once.
 */

import { Clock } from "./sync.js";

const QUICK_PINGS = 8;
const QUICK_PING_MS = 120;
const WARM_PING_MS = 500;
const CALM_PING_MS = 5000;
const ENOUGH_SAMPLES = 16;
const FIRST_RETRY_MS = 500;
const LONGEST_RETRY_MS = 10000;
const REASONS = { 4401: "signed_out", 4403: "withdrawn", 1008: "signed_out" };

export class RoomLink extends EventTarget {
  clock = new Clock();
  seq = 0;
  #recording;
  #memory;
  #socket = null;
  #retryMs = FIRST_RETRY_MS;
  #timers = new Set();
  #ended = false;
  #unsent;

  constructor(recording, { memory = null } = {}) {
    super();
    this.#recording = recording;
    this.#memory = memory;
    this.#unsent = new Map(JSON.parse(memory?.getItem(this.#key) ?? "[]"));
  }

  get unsent() {
    return [...this.#unsent.values()];
  }

  get open() {
    return this.#socket?.readyState === 1;
  }

  srvNow() {
    return performance.now() + this.clock.offset;
  }

  connect() {
    if (this.#ended) return;
    const scheme = location.protocol === "https:" ? "wss" : "ws";
    const socket = new WebSocket(`${scheme}://${location.host}/api/rooms/${encodeURIComponent(this.#recording)}`);
    this.#socket = socket;
    this.clock = new Clock();
    socket.addEventListener("open", () => this.#opened());
    socket.addEventListener("message", (event) => this.#heard(JSON.parse(event.data), performance.now()));
    socket.addEventListener("close", (event) => this.#closed(socket, event.code));
  }

  send(message) {
    if (this.open) this.#socket.send(JSON.stringify(message));
  }

  command(kind, values = {}) {
    this.send({ t: "cmd", kind, seq: this.seq, ...values });
  }

  note(args) {
    const cid = args.cid ?? crypto.randomUUID?.() ?? `${performance.timeOrigin}-${performance.now()}`;
    this.#unsent.set(cid, { ...args, cid });
    this.#remember();
    this.send({ t: "note", ...args, cid });
    return cid;
  }

  /** Forget a note that was answered, or given back to its writer. */
  settle(cid) {
    if (this.#unsent.delete(cid)) this.#remember();
  }

  destroy() {
    this.#ended = true;
    this.#timers.forEach(clearTimeout);
    this.#socket?.close();
  }

  get #key() {
    return `samspil-notes-${this.#recording}`;
  }

  #opened() {
    this.#retryMs = FIRST_RETRY_MS;
    this.dispatchEvent(new CustomEvent("open"));
    for (let i = 0; i < QUICK_PINGS; i += 1) this.#later(() => this.#ping(), i * QUICK_PING_MS);
    this.#later(() => this.#keepPinging(this.#socket), QUICK_PINGS * QUICK_PING_MS);
    for (const note of this.unsent) this.send({ t: "note", ...note });
  }

  #keepPinging(socket) {
    if (socket !== this.#socket || !this.open) return;
    this.#ping();
    this.#later(() => this.#keepPinging(socket), this.clock.count < ENOUGH_SAMPLES ? WARM_PING_MS : CALM_PING_MS);
  }

  #ping() {
    this.send({ t: "ping", c: performance.now() });
  }

  #heard(message, now) {
    if (message.t === "pong") this.clock.add(message.c, message.s1, message.s2, now);
    if (message.t === "state") this.seq = message.seq;
    if (message.t === "note" && message.cid) this.settle(message.cid);
    if (message.t === "closed") {
      this.#stop(message.reason);
      return;
    }
    this.dispatchEvent(new CustomEvent("message", { detail: message }));
  }

  #closed(socket, code) {
    if (socket !== this.#socket || this.#ended) return;
    if (code in REASONS) {
      this.#stop(REASONS[code]);
      return;
    }
    this.dispatchEvent(new CustomEvent("lost"));
    this.#later(() => this.connect(), this.#retryMs);
    this.#retryMs = Math.min(LONGEST_RETRY_MS, this.#retryMs * 1.7);
  }

  #stop(reason) {
    if (this.#ended) return;
    this.#ended = true;
    this.#memory?.removeItem(this.#key);
    this.dispatchEvent(new CustomEvent("closed", { detail: { reason } }));
    this.#socket?.close();
  }

  #remember() {
    if (this.#unsent.size) this.#memory?.setItem(this.#key, JSON.stringify([...this.#unsent]));
    else this.#memory?.removeItem(this.#key);
  }

  #later(run, ms) {
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      run();
    }, ms);
    this.#timers.add(timer);
  }
}
