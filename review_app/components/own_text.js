// The dialog for a text of one's own: the file is looked at, its speakers get roles, then it is kept.
// Until the last step nothing is kept; the file's name never leaves this computer.

import { clock, el, fill, replace } from "./dom.js";
import { icon } from "./icons.js";

const ACCEPT = ".vtt,.srt,text/vtt,application/x-subrip";
const VOICES = ["caseworker", "youth", "parent", "other", "unknown"];

export function ownTextButton({ api, labels, host, onKept }) {
  return el("button", { type: "button", class: "btn sm q own-text", on: { click: () => new OwnText({ api, labels, host: host(), onKept }) } }, icon("upload"), labels.own_text);
}

class OwnText {
  constructor({ api, labels, host, onKept }) {
    Object.assign(this, { api, labels, onKept });
    this.input = el("input", { type: "file", class: "sr", accept: ACCEPT, tabindex: "-1", "aria-label": labels.own_text_choose, on: { change: () => this.look() } });
    this.choose = el("button", { type: "button", class: "btn", text: labels.own_text_choose, on: { click: () => this.input.click() } });
    this.said = el("div", { role: "status", "aria-live": "polite" });
    this.voices = el("div", {});
    this.use = el("button", { type: "submit", class: "btn p", disabled: true, text: labels.own_text_use });
    this.dialog = el("dialog", { class: "ask", "aria-label": labels.own_text },
      el("form", { method: "dialog", on: { submit: (event) => this.keep(event) } },
        el("h2", { text: labels.own_text }),
        el("p", { class: "muted", text: labels.own_text_meaning }),
        el("div", {}, this.choose, this.input),
        this.said,
        this.voices,
        el("div", { class: "hstack ends" }, el("button", { type: "button", class: "btn", text: labels.not_yet, on: { click: () => this.dialog.close() } }), el("span", { class: "grow" }), this.use)));
    this.dialog.addEventListener("close", () => this.dialog.remove());
    host.append(this.dialog);
    this.dialog.showModal();
  }

  async look() {
    const { labels } = this;
    const [file] = this.input.files;
    this.input.value = "";
    if (!file) return;
    this.use.disabled = true;
    replace(this.voices);
    replace(this.said, el("p", { class: "s", text: labels.own_text_looking }));
    try {
      const found = await this.api.send("own-text/look", file);
      this.file = file;
      this.show(found);
    } catch (error) {
      this.refused(error);
    }
  }

  show({ lines, until_ms: until, speakers }) {
    const { labels } = this;
    this.use.disabled = false;
    replace(this.said, el("p", {}, icon("check"), ` ${fill(labels.own_text_found, { lines, until: clock(until) })}`), speakers.length ? null : el("p", { class: "s", text: labels.own_text_nobody }));
    const option = (value) => el("option", { value, text: value === "no_speaker" ? labels.own_text_no_speaker : labels[`speaker_${value}`] });
    this.selects = speakers.map(({ voice }) => {
      const select = el("select", { class: "in" }, [...VOICES, "no_speaker"].map(option));
      select.value = voice;
      return select;
    });
    const rows = speakers.map(({ name, lines: count }, at) => el("label", { class: "fld" }, el("span", { class: "b s", text: fill(labels.own_text_lines, { name, lines: count }) }), this.selects[at]));
    replace(this.voices, speakers.length ? el("fieldset", { class: "who-is-who" }, el("legend", { class: "b", text: labels.own_text_who }), el("p", { class: "s muted", text: labels.own_text_names_stay }), rows) : null);
  }

  async keep(event) {
    event.preventDefault();
    const voices = this.selects.map((select) => select.value).join(",");
    this.use.disabled = true;
    try {
      await this.api.send(`own-text?voices=${voices}`, this.file);
    } catch (error) {
      this.use.disabled = false;
      this.refused(error);
      return;
    }
    this.dialog.close();
    this.onKept();
  }

  refused({ message, advice }) {
    replace(this.said, el("div", { class: "banner wait" }, icon("warning"), el("div", {}, el("b", { text: message }), el("p", { text: advice }))));
  }
}
