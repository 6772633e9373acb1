// What the caseworker wants looked at, and what was planned last time: the head of every screen
// on which the film is seen. The caseworker changes the wish here; the supervisor reads it.

import { el, fill, givenName, longDate, replace } from "./dom.js";
import { icon } from "./icons.js";
import { lastPlan } from "./last_plan.js";
import { whenTheyMeet } from "./meeting_time.js";
import { Writer } from "./writer.js";

const MINUTE_MS = 60_000;

export class WishBar {
  constructor({ doc, api, labels, lang, onRelease, onMeeting, signal, beside }) {
    Object.assign(this, { doc, api, labels, lang, onRelease, onMeeting, signal });
    this.mine = doc.me.side === "caseworker";
    this.unfolded = false;
    const owner = givenName(this.mine ? doc.me.name : doc.other.name);
    this.heading = this.mine ? labels.your_wish : fill(labels.wish_of, { name: owner });
    this.wish = el("div", { class: "w1" });
    this.action = el("div", { class: "w4" });
    this.element = el("section", { class: "wish", "aria-label": this.heading }, this.wish, lastPlan({ doc, api, labels, lang, signal }), this.about(), el("div", { class: "w5" }, beside, this.action));
    this.draw();
  }

  draw() {
    const { doc, labels } = this;
    const name = givenName(doc.other.name);
    const text = doc.wish ? el("p", { text: `”${doc.wish}”` }) : el("p", { text: this.mine ? labels.your_wish_missing : fill(labels.wish_missing, { name }) });
    replace(this.wish, el("span", { class: "xs b", text: this.heading }), text);
    this.editing = false;
    this.drawAction();
  }

  drawAction() {
    const { doc, labels } = this;
    const name = givenName(doc.other.name);
    if (this.editing) return;
    if (this.mine) replace(this.action, el("button", { type: "button", class: "btn", text: labels.edit_wish, on: { click: () => this.edit() } }));
    else if (doc.cycle.released_at) replace(this.action, el("span", { class: "tag ok" }, icon("check"), fill(labels.released_on, { name, date: longDate(new Date(doc.cycle.released_at), this.lang) })), this.meeting());
    else replace(this.action, el("button", { type: "button", class: "btn p", text: fill(labels.release_to, { name }), on: { click: () => this.onRelease() } }));
  }

  /** The hour that is agreed on, and the way to move it; none once the two have met. */
  meeting() {
    const { doc, labels, lang } = this;
    if (doc.cycle.meeting_ended_at) return null;
    const when = doc.cycle.meeting_at ? whenTheyMeet(doc.cycle, { labels, lang }) : labels.set_meeting;
    return el("button", { type: "button", class: "btn sm q meeting", on: { click: () => this.onMeeting() } }, icon("calendar"), when);
  }

  about() {
    const { recording } = this.doc;
    const { labels, lang } = this;
    const date = new Date(recording.recorded_at).toLocaleDateString(lang === "en" ? "en-GB" : lang, { day: "numeric", month: "long" });
    const minutes = Math.round((recording.duration_ms ?? 0) / MINUTE_MS);
    return el("div", { class: "w3 s" }, el("div", {}, el("b", { text: fill(labels.conversation_n, { number: recording.number }) }), ` · ${date} · ${fill(labels.minutes, { minutes })}`), el("div", { class: "quiet", text: [fill(recording.youth_age ? labels.youth_aged : labels.youth_named, { letter: recording.youth_letter, age: recording.youth_age }), labels[recording.package], labels.draft_text].filter(Boolean).join(" · ") }));
  }

  /** Unfold the bar where it is kept to one line. */
  toggle() {
    this.unfolded = !this.unfolded;
    this.element.classList.toggle("unfolded", this.unfolded);
  }

  edit() {
    this.editing = true;
    const { labels, doc } = this;
    const field = el("textarea", { class: "ta", rows: 3, value: doc.wish ?? "", "aria-label": labels.your_wish });
    const status = el("span", { class: "xs" });
    const writer = new Writer({ api: this.api, recording: doc.recording.id, field: "wish", input: field, read: () => (field.value === (doc.wish ?? "") ? "" : field.value), write: (text) => { field.value = text; }, status, labels, lang: this.lang, signal: this.signal });
    writer.restore();
    const save = async () => {
      try {
        await this.api.intent("write_wish", { text: field.value.trim() });
      } catch {
        return; // said already; the text stays
      }
      doc.wish = field.value.trim();
      await writer.done();
      this.draw();
    };
    field.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) save();
      else if (event.key === "Escape") this.draw();
      else return;
      event.preventDefault();
      event.stopPropagation();
    });
    replace(this.wish, el("span", { class: "xs b", text: this.heading }), field, status);
    replace(this.action, el("button", { type: "button", class: "btn p", text: labels.save_wish, on: { click: save } }));
    field.focus();
  }
}
