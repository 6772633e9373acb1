// Versions of the text: looking at an older one, going back to it, and taking over a newer one
// without losing what was typed. The steps themselves are TextEdits'.

import { clock, el, fill, longDate, replace } from "./dom.js";
import { icon } from "./icons.js";

export class TextVersions {
  constructor({ api, doc, transcript, labels, lang, host, edits }) {
    Object.assign(this, { api, doc, transcript, labels, lang, host, edits });
    this.looking = null;
    this.banner = el("div", { class: "banner news", role: "status", hidden: true });
    replace(transcript.above, this.banner);
    this.button = el("button", { type: "button", class: "btn sm ic q", "aria-label": labels.text_versions, title: labels.text_versions, on: { click: () => this.list() } }, icon("archive"));
    if (doc.text) transcript.finder.before(this.button);
    this.draw();
  }

  draw() {
    const { labels, looking } = this;
    const newer = this.doc.text?.newer;
    this.banner.hidden = !looking && !newer;
    if (looking) {
      const back = el("button", { type: "button", class: "btn sm", text: labels.leave_version, on: { click: () => this.leave() } });
      const use = el("button", { type: "button", class: "btn sm p", text: labels.use_version, on: { click: () => this.use() } });
      replace(this.banner, el("p", { class: "grow", text: fill(labels.looking_at_version, { version: looking }) }), use, back);
    } else if (newer) {
      const compare = el("button", { type: "button", class: "btn sm", text: labels.compare_versions, on: { click: () => this.compare() } });
      replace(this.banner, el("p", { class: "grow", text: labels.newer_text }), compare);
    }
  }

  // Looking at one

  async list() {
    const { labels } = this;
    const text = await this.fetch("text");
    if (!text) return;
    const dialog = this.dialog(labels.text_versions);
    const rows = text.versions.map((each) => {
      const shown = each.version === text.version;
      const look = el("button", { type: "button", class: "btn sm", text: labels.look_at_version, "aria-label": `${labels.look_at_version}: ${fill(labels.version_n, { version: each.version })}`, on: { click: () => this.look(each.version, dialog) } });
      return el("li", { class: "hstack" }, el("div", { class: "grow" }, el("b", { text: fill(labels.version_n, { version: each.version }) }), el("p", { class: "s muted", text: fill(labels.version_made, { date: longDate(new Date(each.made_at), this.lang), count: each.corrections }) })), shown ? el("span", { class: "tag ok", text: labels.version_shown }) : look);
    });
    dialog.firstChild.append(el("ul", { class: "versions" }, rows), this.ends(dialog));
  }

  async look(version, dialog) {
    const text = await this.fetch(`text?version=${version}`);
    if (!text || !(await this.edits.editor.save())) return;
    dialog.close();
    this.looking = version;
    this.transcript.show({ ...this.doc.recording, turns: text.turns });
    this.redrawn();
  }

  leave() {
    this.looking = null;
    this.transcript.show({ ...this.doc.recording, turns: this.doc.turns });
    this.redrawn();
  }

  redrawn() {
    this.transcript.mark(this.doc.sequences);
    this.draw();
    this.edits.drawTools();
  }

  async use() {
    const version = this.looking;
    const result = await this.edits.send("choose_version", { version });
    this.edits.remember(result, fill(this.labels.did_choose_version, { version }));
  }

  // Taking over a newer one

  async compare() {
    if (!(await this.edits.editor.save())) return;
    const found = await this.fetch("text/differences");
    if (!found?.version) return;
    const { labels } = this;
    const dialog = this.dialog(labels.newer_text_title);
    const taken = new Set();
    const items = found.differences.map((each) => this.difference(each, taken));
    const all = found.differences.length;
    const over = el("button", { type: "button", class: "btn p", text: labels.take_over_text, on: { click: () => this.takeOver(found, [...taken], dialog) } });
    const keep = el("button", { type: "button", class: "btn", text: labels.keep_old_text, on: { click: () => this.keepOld(dialog) } });
    dialog.firstChild.append(
      el("p", { text: all ? fill(labels.newer_text_differs, { count: all }) : labels.newer_text_agrees }),
      el("p", { class: "s muted", text: labels.newer_text_meaning }),
      el("ol", { class: "differences" }, items),
      el("div", { class: "hstack ends" }, el("button", { type: "button", class: "btn", text: labels.not_yet, on: { click: () => dialog.close() } }), el("span", { class: "grow" }), keep, over),
    );
  }

  difference(each, taken) {
    const { labels } = this;
    const at = clock(each.start_ms);
    const choice = (mine, title, text) => {
      const input = el("input", { type: "radio", name: `difference-${each.name}`, checked: mine, on: { change: () => (mine ? taken.delete(each.name) : taken.add(each.name)) } });
      return el("label", { class: "choice" }, input, el("span", {}, el("b", { class: "s", text: title }), el("span", { class: "words", text: text || labels.nothing_said })));
    };
    const play = el("button", { type: "button", class: "btn sm ic q", "aria-label": fill(labels.play_from, { at }), on: { click: () => this.transcript.onPlay(each.start_ms) } }, icon("play"));
    return el("li", {}, el("fieldset", {}, el("legend", { class: "hstack" }, play, el("span", { class: "num", text: at })), choice(true, labels.keep_mine, each.mine), choice(false, labels.take_new, each.new)));
  }

  async takeOver(found, taken, dialog) {
    const result = await this.edits.send("take_over", { version: found.version, take_new: taken });
    dialog.close();
    this.edits.remember(result, fill(this.labels.did_take_over, { version: found.version }));
  }

  async keepOld(dialog) {
    const result = await this.edits.send("choose_version", { version: this.doc.text.version });
    if (result) this.doc.text.newer = null;
    this.draw();
    dialog.close();
    this.edits.remember(result, this.labels.did_keep_old);
  }

  async fetch(leaf) {
    try {
      return await this.api.get(leaf);
    } catch (error) {
      this.edits.toasts.failed(error);
      return null;
    }
  }

  dialog(title) {
    const dialog = el("dialog", { class: "ask texts", "aria-labelledby": "texts-title" }, el("div", {}, el("h2", { id: "texts-title", text: title })));
    dialog.addEventListener("close", () => dialog.remove());
    this.host.append(dialog);
    dialog.showModal();
    return dialog;
  }

  ends(dialog) {
    return el("div", { class: "hstack ends" }, el("span", { class: "grow" }), el("button", { type: "button", class: "btn", text: this.labels.close, on: { click: () => dialog.close() } }));
  }
}
