// The film on its way in, the wish meanwhile, and what happens to the film afterwards.

import { Api, Toasts } from "./api.js";
import { bytes, timeLeft } from "./amounts.js";
import { el, fill, givenName, hourMinute, longDate, replace } from "./dom.js";
import { icon } from "./icons.js";
import { FileList } from "./file_list.js";
import { filesOf } from "./film_files.js";
import { mounting } from "./mounting.js";
import { Processing } from "./processing.js";
import { begun, UploadQueue } from "./upload_queue.js";
import { Writer } from "./writer.js";

const SPOKEN_EVERY = 10;
const ACCEPT = "video/*,audio/*,.mts,.m2ts,.mkv";

export class Uploader {
  constructor({ parentElement, data, setTriggerValue }) {
    Object.assign(this, { labels: data.labels, lang: data.lang ?? "da", recording: data.recording, data, tell: setTriggerValue });
    this.abort = new AbortController();
    const { labels } = this;
    this.toasts = new Toasts(labels);
    this.api = new Api(data.recording, { labels, toasts: this.toasts });
    this.queue = new UploadQueue({ recording: data.recording, endpoint: data.endpoint, chunk: data.chunk });
    this.spoken = 0;
    this.received = false;
    document.documentElement.lang = this.lang;
    this.say = el("div", { class: "sr", role: "status", "aria-live": "polite" });
    this.film = el("section", { class: "card", "aria-label": labels.the_film });
    this.consent = el("div", {});
    this.processing = new Processing({ api: this.api, labels, signal: this.abort.signal, onStatus: (status) => this.took(status) });
    this.processing.element.hidden = true;
    this.input = el("input", { type: "file", hidden: true, multiple: true, accept: ACCEPT });
    this.input.addEventListener("change", () => this.chose([...this.input.files]));
    this.list = new FileList({ queue: this.queue, labels, lang: this.lang, say: this.say });
    this.element = el("div", { class: "samspil up" }, this.consent, el("div", { class: "two" }, el("div", { class: "vstack col" }, this.film, this.processing.element), el("aside", { class: "vstack col", "aria-label": labels.meanwhile }, this.wishCard(), this.afterCard())), this.input, this.toasts.element, this.say);
    parentElement.append(this.element);
    this.queue.addEventListener("change", () => this.draw(), { signal: this.abort.signal });
    document.addEventListener("keydown", (event) => this.pressed(event), { signal: this.abort.signal });
    this.draw();
  }

  draw() {
    const { queue } = this;
    if (this.received || queue.state === "done") this.drawReceived();
    else if (queue.state === "empty") this.drawEmpty();
    else this.drawRunning();
  }

  drawEmpty() {
    this.list.draw();
    if (this.shown === "empty") return;
    const stopped = this.shown === "running";
    this.shown = "empty";
    const { labels } = this;
    const choose = el("button", { type: "button", class: "btn p", text: labels.choose_film, "aria-keyshortcuts": "Control+O", on: { click: () => this.input.click() } });
    const folder = el("button", { type: "button", class: "btn sm", text: labels.choose_folder, on: { click: () => this.chooseFolder() } });
    const drop = el("div", { class: "drop" }, icon("upload"), el("p", { class: "b", text: labels.drop_here }), choose, folder, el("p", { class: "s muted", text: begun(this.recording) ? labels.choose_same : labels.several_files }));
    for (const kind of ["dragenter", "dragover"]) drop.addEventListener(kind, (event) => {
      event.preventDefault();
      drop.classList.add("over");
    });
    drop.addEventListener("dragleave", () => drop.classList.remove("over"));
    drop.addEventListener("drop", (event) => {
      event.preventDefault();
      filesOf(event.dataTransfer).then((files) => this.chose(files));
    });
    this.refusal = el("p", { class: "banner wait", role: "alert", hidden: true });
    replace(this.film, el("h2", { text: labels.the_film }), drop, this.refusal, this.list.element, this.promise());
    if (stopped) choose.focus();
  }

  promise() {
    return el("p", { class: "s muted note" }, icon("lock"), ` ${this.labels.promise}`);
  }

  chooseFolder() {
    const folder = el("input", { type: "file", webkitdirectory: true });
    folder.addEventListener("change", () => this.chose([...folder.files]));
    folder.click();
  }

  async chose(files) {
    const refused = await this.queue.add(files);
    const why = files.some((file) => !file.size) ? this.labels.error_empty : this.labels.not_a_film;
    this.input.value = "";
    if (refused && this.refusal?.isConnected) {
      this.refusal.hidden = false;
      this.refusal.textContent = why;
    } else if (refused) this.toasts.show(why, { tone: "wait" });
  }

  drawRunning() {
    const { labels, queue, lang } = this;
    if (this.shown !== "running") {
      this.shown = "running";
      this.title = el("h2", { class: "grow", tabindex: "-1" });
      this.pauseButton = el("button", { type: "button", class: "btn sm", on: { click: () => (queue.state === "running" ? queue.pause() : queue.resume()) } });
      this.percent = el("b", { class: "num" });
      this.fillBar = el("i");
      this.bar = el("div", { class: "bar", role: "progressbar", "aria-label": labels.received_so_far, "aria-valuemin": 0, "aria-valuemax": 100 }, this.fillBar);
      this.detail = el("p", { class: "s muted num" });
      this.stopButton = el("button", { type: "button", class: "btn sm q", on: { click: () => queue.stop() } });
      this.trouble = el("div", { class: "banner wait", hidden: true });
      this.state = "";
      const add = el("button", { type: "button", class: "btn sm", text: labels.add_files, on: { click: () => this.input.click() } });
      replace(this.film, el("div", { class: "hstack head" }, this.title, this.pauseButton, add, this.stopButton), el("div", { class: "big" }, this.percent, el("div", { class: "grow" }, this.bar, this.detail)), this.trouble, this.list.element, this.promise());
      this.title.focus();
    }
    const share = queue.total ? Math.floor((queue.sent / queue.total) * 100) : 0;
    const going = queue.state === "running";
    this.changeState(`${queue.state} ${queue.state === "waiting" ? queue.why : ""}`, { going });
    this.percent.textContent = fill(labels.percent, { percent: share });
    this.fillBar.style.width = `${share}%`;
    this.bar.setAttribute("aria-valuenow", share);
    const left = queue.speed ? timeLeft((queue.total - queue.sent) / queue.speed, labels) : "";
    const speed = queue.speed ? fill(labels.speed_of, { amount: bytes(queue.speed, lang) }) : "";
    this.detail.textContent = [fill(labels.sent_of, { sent: bytes(queue.sent, lang), total: bytes(queue.total, lang) }), going ? speed : "", going ? left : ""].filter(Boolean).join(" · ");
    this.meaning.textContent = this.meaningOfTrouble();
    this.list.draw();
    this.speak(share);
  }

  // Once for each change, not for each tick: a button that is drawn anew loses the focus.
  changeState(state, { going }) {
    if (state === this.state) return;
    const begun = this.state === "";
    this.state = state;
    const { labels, queue } = this;
    const title = queue.state === "waiting" && queue.why !== "line" ? labels.upload_held : labels[`upload_${queue.state}`];
    this.title.textContent = title;
    const stuck = ["refused", "signed_out"].includes(queue.state);
    const held = ["refused", "waiting", "lacking"].includes(queue.state);
    if (held && this.pauseButton.matches(":focus")) this.title.focus();
    this.pauseButton.hidden = held;
    replace(this.pauseButton, icon(going ? "pause" : "play"), going ? labels.pause : labels.go_on);
    this.stopButton.textContent = queue.state === "refused" ? labels.choose_another : labels.stop_and_erase;
    this.meaning = el("p", { text: "" });
    this.trouble.hidden = !held && !stuck;
    const signIn = () => el("a", { class: "btn sm", href: "/auth/login", target: "_blank", rel: "noopener", text: labels.sign_in_again });
    const again = () => el("button", { type: "button", class: "btn sm", text: labels.try_now, on: { click: () => queue.resume() } });
    const choose = () => el("button", { type: "button", class: "btn sm", text: labels.add_files, on: { click: () => this.input.click() } });
    const way = { waiting: again, signed_out: signIn, lacking: choose }[queue.state];
    replace(this.trouble, icon(stuck ? "lock" : "warning"), el("div", { class: "grow" }, el("b", { text: this.nameOfTrouble() }), this.meaning), way?.());
    if (!begun) this.say.textContent = title;
  }

  nameOfTrouble() {
    const { labels, queue } = this;
    if (queue.state === "signed_out") return labels.signed_out;
    if (queue.state === "lacking") return this.lacking();
    if (queue.state === "waiting" && queue.why === "busy") return labels.busy_elsewhere;
    if (queue.state === "waiting" && queue.why === "line") return labels.line_lost;
    return labels[`error_${queue.failure?.code}`] ?? (queue.failure?.message || labels.upload_refused);
  }

  meaningOfTrouble() {
    const { labels, queue, lang } = this;
    const amounts = { sent: bytes(queue.kept, lang), seconds: queue.left };
    if (queue.state === "signed_out") return fill(labels.signed_out_meaning, amounts);
    if (queue.state === "lacking") return labels.lacking_meaning;
    if (queue.state === "waiting") return fill(queue.why === "busy" ? labels.busy_meaning : labels.line_lost_meaning, amounts);
    return queue.failure?.advice ?? "";
  }

  lacking() {
    const names = this.queue.files.filter((each) => !each.file && each.state !== "received").map((each) => this.list.nameOf(each));
    return fill(this.labels.lacking, { names: names.join(", ") });
  }

  speak(share) {
    const step = Math.floor(share / SPOKEN_EVERY) * SPOKEN_EVERY;
    if (step <= this.spoken) return;
    this.spoken = step;
    this.say.textContent = fill(this.labels.said_received, { percent: step });
  }

  drawReceived() {
    if (this.shown === "received") return;
    const justNow = this.shown === "running";
    this.shown = "received";
    const { labels } = this;
    replace(this.film, el("div", { class: "hstack" }, el("span", { class: "tag ok" }, icon("check"), labels.file_received), el("h2", { class: "grow", text: labels.film_received })), el("p", { class: "muted s", text: labels.film_received_meaning }));
    this.processing.element.hidden = false;
    this.processing.look();
    this.drawCleared();
    this.say.textContent = labels.film_received;
    if (justNow) {
      this.tell?.("received", Date.now());
      this.clear.focus();
    }
  }

  took(status) {
    // Between two files the server has all it knows of; only an idle page takes its word.
    if (!status.received && status.parts?.length) this.queue.know(status.parts);
    if (status.received && !this.received && this.queue.state === "empty") {
      this.received = true;
      this.draw();
    }
    this.cleared = status.camera_cleared_at ?? this.cleared;
    this.drawCleared();
    this.drawConsent(status.gaps ?? []);
  }

  drawConsent(gaps) {
    const key = JSON.stringify(gaps);
    if (key === this.gaps) return;
    this.gaps = key;
    const { labels } = this;
    const see = el("button", { type: "button", class: "btn sm q", text: labels.see_consents, on: { click: () => this.tell?.("open", "consent") } });
    if (!gaps.length) replace(this.consent, el("div", { class: "banner ok" }, icon("check"), el("div", { class: "grow" }, el("b", { text: labels.all_consented }), ` ${labels.all_consented_meaning}`), see));
    else replace(this.consent, el("div", { class: "banner wait", role: "status" }, icon("lock"), el("div", { class: "grow" }, el("b", { text: labels.locked }), el("p", { text: labels.locked_meaning }), el("ul", { class: "gaps" }, gaps.map((gap) => el("li", { text: fill(labels[`gap_${gap.kind}`] ?? labels.gap_missing, { who: labels[`role_${gap.role}`] ?? labels.role_other }) })))), see));
  }

  wishCard() {
    const { labels, data } = this;
    const field = el("textarea", { class: "ta", rows: 5, id: "wish", value: data.wish ?? "" });
    const status = el("p", { class: "s muted status" });
    const writer = new Writer({ api: this.api, recording: this.recording, field: "wish", input: field, read: () => (field.value === (data.wish ?? "") ? "" : field.value), write: (text) => { field.value = text; }, status, labels, lang: this.lang, signal: this.abort.signal });
    writer.restore();
    const save = async () => {
      const text = field.value.trim();
      if (!text) return;
      try {
        await this.api.intent("write_wish", { text });
      } catch {
        return;
      }
      data.wish = text;
      await writer.done();
      replace(status, icon("check"), ` ${fill(labels.wish_saved, { time: hourMinute(new Date(), this.lang) })}`);
      this.tell?.("wish", Date.now());
    };
    field.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
      event.preventDefault();
      save();
    });
    const questions = ["question_1", "question_2", "question_3", "question_4"].map((name) => el("li", {}, el("button", { type: "button", text: labels[name], on: { click: () => {
      field.value = [field.value.trim(), labels[name]].filter(Boolean).join("\n");
      field.focus();
      writer.touched();
    } } })));
    return el("section", { class: "card" }, el("h2", {}, el("label", { for: "wish", text: labels.wish_title })), el("p", { class: "s muted below", text: data.supervisor ? fill(labels.wish_meaning_of, { name: givenName(data.supervisor) }) : labels.wish_meaning }), field, el("div", { class: "hstack" }, el("div", { class: "grow" }, status), el("button", { type: "button", class: "btn sm", text: labels.save_wish, "aria-keyshortcuts": "Control+Enter", on: { click: save } })), el("h3", { class: "s", text: labels.start_with_question }), el("ul", { class: "qs" }, questions));
  }

  afterCard() {
    const { labels } = this;
    this.clear = el("button", { type: "button", class: "btn wide", disabled: true, text: labels.camera_is_clear, on: { click: () => this.confirmCleared() } });
    this.clearedNote = el("p", { class: "banner ok below", tabindex: "-1", hidden: true });
    const steps = [["after_1", "after_1_meaning"], ["after_2", "after_2_meaning"], ["after_3", "after_3_meaning"]].map(([head, rest]) => el("li", {}, el("b", { text: labels[head] }), " ", el("span", { class: "muted", text: labels[rest] })));
    return el("section", { class: "card" }, el("h2", { text: labels.after_title }), el("ol", { class: "aft" }, steps), this.clear, this.clearedNote);
  }

  async confirmCleared() {
    try {
      await this.api.intent("confirm_camera_cleared");
    } catch {
      return;
    }
    this.say.textContent = this.labels.camera_cleared;
    await this.processing.look();
    this.clearedNote.focus();
  }

  // The caseworker's word, with its moment as the server wrote it down.
  drawCleared() {
    const { labels, lang, cleared } = this;
    this.clear.disabled = !(this.received || this.queue.state === "done");
    this.clear.hidden = Boolean(cleared);
    this.clearedNote.hidden = !cleared;
    if (!cleared) return;
    const at = new Date(cleared);
    replace(this.clearedNote, icon("check"), el("span", { text: fill(labels.camera_cleared_at, { day: longDate(at, lang), time: hourMinute(at, lang) }) }));
  }

  pressed(event) {
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "o" && this.shown === "empty") {
      event.preventDefault();
      this.input.click();
    }
  }

  update(component) {
    this.tell = component.setTriggerValue;
  }

  destroy() {
    this.abort.abort();
    this.queue.destroy();
    this.element.remove();
  }
}

export default mounting(Uploader);
