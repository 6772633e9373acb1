// A test recording before the conversation: sent, checked, gone. Its name stays on this computer.

import { el, replace } from "./dom.js";
import { icon } from "./icons.js";
import { mounting } from "./mounting.js";

const LARGEST = 200_000_000;
const SIGNED_OUT = 401;
const ACCEPT = "video/*,audio/*,.mts,.m2ts,.mkv";

export class Trial {
  constructor({ parentElement, data }) {
    this.labels = data.labels;
    const { labels } = this;
    this.input = el("input", { type: "file", hidden: true, accept: ACCEPT, on: { change: () => this.chose() } });
    this.button = el("button", { type: "button", class: "btn sm", on: { click: () => this.input.click() } }, icon("sound"), labels.trial_choose);
    this.said = el("div", { class: "said", role: "status", "aria-live": "polite" });
    this.fillBar = el("i");
    this.bar = el("div", { class: "bar", hidden: true, "aria-hidden": "true" }, this.fillBar);
    this.element = el("section", { class: "samspil card trial", "aria-label": labels.trial_title }, el("h2", { text: labels.trial_title }), el("p", { class: "s", text: labels.trial_meaning }), this.said, this.bar, this.button, el("p", { class: "s muted" }, icon("lock"), ` ${labels.trial_promise}`), this.input);
    parentElement.append(this.element);
  }

  chose() {
    const { labels } = this;
    const [file] = this.input.files;
    this.input.value = "";
    if (!file) return;
    if (file.size > LARGEST) this.refuse(labels.trial_too_large, labels.trial_too_large_advice);
    else this.send(file);
  }

  send(file) {
    const { labels } = this;
    this.button.disabled = true;
    this.bar.hidden = false;
    this.sent(0);
    this.tell(labels.trial_sending);
    // Of all requests only this kind tells how much of it has been sent.
    this.request = new XMLHttpRequest();
    const { request } = this;
    request.open("POST", "/api/trials");
    request.setRequestHeader("Content-Type", "application/octet-stream");
    request.upload.addEventListener("progress", (event) => this.sent(event.loaded / event.total));
    request.upload.addEventListener("load", () => this.tell(labels.trial_checking));
    request.addEventListener("error", () => this.refuse(labels.offline, labels.offline_advice));
    request.addEventListener("load", () => this.answered(request));
    request.send(file);
  }

  sent(share) {
    this.fillBar.style.width = `${Math.floor(share * 100)}%`;
  }

  answered({ status, responseText }) {
    const { labels } = this;
    if (status === SIGNED_OUT) return this.refuse(labels.trial_signed_out, labels.trial_signed_out_advice);
    const told = parsed(responseText);
    if (status !== 200) return this.refuse(told.message ?? labels.offline, told.advice ?? labels.offline_advice);
    if (told.refused) return this.refuse(told.refused.fact, told.refused.advice);
    return told.hints.length ? this.advise(told.hints) : this.end(el("p", { class: "banner ok" }, icon("check"), el("b", { text: labels.trial_good })));
  }

  advise(hints) {
    const each = hints.map(({ fact, advice }) => el("li", {}, el("b", { text: fact }), el("p", { class: "s", text: advice })));
    this.end(el("div", { class: "banner wait" }, icon("info"), el("div", { class: "grow" }, el("p", { text: this.labels.trial_better }), el("ul", {}, each))));
  }

  refuse(what, advice) {
    this.end(el("div", { class: "banner wait" }, icon("warning"), el("div", { class: "grow" }, el("b", { text: what }), el("p", { class: "s", text: advice }))));
  }

  tell(text) {
    replace(this.said, el("p", { class: "s", text }));
  }

  end(node) {
    replace(this.said, node);
    this.bar.hidden = true;
    this.button.disabled = false;
    replace(this.button, icon("sound"), this.labels.trial_again);
  }

  destroy() {
    this.request?.abort();
    this.element.remove();
  }
}

// A proxy whose server is away answers in words of its own.
function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return {};
  }
}

export default mounting(Trial);
