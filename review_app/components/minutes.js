/**
 * Minutes and plan: made from what was shown, said and agreed; written together; approved by both.
 * Entry module. data: {recording, labels, lang, desk_url?}; a place in the film opens there.
 *
 * Everything saves itself. When both write at once, each field is merged; where both changed the
 * same one, theirs stays stored and mine stays in the field until somebody chooses.
 */

import { Api, Toasts } from "./api.js";
import { el, fill, givenName, hourMinute, longDate, replace } from "./dom.js";
import { icon } from "./icons.js";
import { clashCards } from "./minutes_clash.js";
import { goalField } from "./minutes_goal.js";
import { choiceField, listField, textField } from "./minutes_fields.js";
import { itemRow } from "./minutes_item.js";
import { arguments_of, flatten, merge } from "./minutes_merge.js";
import { paper } from "./minutes_paper.js";
import { mounting } from "./mounting.js";

const SAVE_MS = 800;
const RETRY_MS = 4000;
const LOOK_MS = 20000;

class Minutes {
  fields = {};
  #base = {};
  #inputs = new Map();
  #clashes = new Map();
  #component;
  #abort = new AbortController();
  #timer = 0;
  #look = 0;
  #saving = null;
  #onPaper = false;

  constructor(component) {
    this.#component = component;
    this.labels = component.data.labels;
    this.lang = component.data.lang ?? "da";
    this.toasts = new Toasts(this.labels);
    this.api = new Api(component.data.recording, { labels: this.labels, toasts: this.toasts });
    this.status = el("span", { class: "xs muted", role: "status" });
    this.main = el("div", { class: "mi", role: "main" });
    this.root = el("div", { class: "samspil" }, this.main, this.toasts.element);
    component.parentElement.append(this.root);
    document.documentElement.lang = this.lang;
    this.#load();
  }

  update(component) {
    this.#component = component;
  }

  destroy() {
    this.#abort.abort();
    clearTimeout(this.#timer);
    clearInterval(this.#look);
    this.root.remove();
  }

  #watch(ms) {
    const { desk_url } = this.#component.data;
    if (desk_url) window.location.assign(`${desk_url}&at=${ms}`);
  }

  get locked() {
    return Boolean(this.minutes.signed.caseworker && this.minutes.signed.supervisor);
  }

  get #otherName() {
    return givenName(this.doc.other.name);
  }

  heading() {
    const { cycle, recording } = this.doc;
    const { meeting_at: from, meeting_ended_at: to } = cycle;
    const until = from && to ? `–${hourMinute(new Date(to), this.lang)}` : "";
    const date = from || to ? `${this.#moment(from ?? to)}${until}` : "";
    return fill(this.labels.minutes_of, { number: recording.number, date, name: this.#otherName });
  }

  whom() {
    const options = Object.fromEntries(this.#people());
    return options[this.fields["plan.with_whom"]] ?? this.fields["plan.with_whom"];
  }

  /** Say who has approved and when, or null. */
  approvalOf(side) {
    const at = this.minutes.signed[side];
    return at ? `${this.#approved(side)}, ${this.#moment(at)}` : null;
  }

  #moment(iso) {
    const at = new Date(iso);
    return fill(this.labels.date_time, { date: longDate(at, this.lang), time: hourMinute(at, this.lang) });
  }

  #approved(side) {
    const l = this.labels;
    return side === this.doc.me.side ? l.you_approved : fill(l.name_approved, { name: this.doc.other.name });
  }

  async #load() {
    const l = this.labels;
    this.#card("clock", "", l.fetching_minutes, l.fetching_minutes_text);
    try {
      this.doc = await this.api.get("desk", { signal: this.#abort.signal });
    } catch (error) {
      if (error.name === "AbortError") return;
      const again = el("button", { type: "button", class: "btn", text: l.try_again, on: { click: () => this.#load() } });
      this.#card(error.passing ? "warning" : "lock", error.passing ? "wait" : "stop", error.message, error.advice, error.passing ? again : null);
      return;
    }
    if (!this.doc.minutes) {
      this.#card("paper", "", l.no_minutes, l.no_minutes_text);
      return;
    }
    this.#receive(this.doc.minutes, JSON.parse(sessionStorage.getItem(this.#memory) ?? "null"));
    this.#build();
    if (this.#unsaved) this.#saveSoon();
    this.#look = setInterval(() => this.#lookAgain(), LOOK_MS);
    const { signal } = this.#abort;
    document.addEventListener("visibilitychange", () => this.#lookAgain(), { signal });
    // The browser's own way to print knows nothing of our two views: what goes on paper is the paper.
    window.addEventListener("beforeprint", () => this.#onPaper || replace(this.paper, paper(this)), { signal });
    window.addEventListener("afterprint", () => this.#onPaper || replace(this.paper), { signal });
  }

  get #memory() {
    return `samspil-minutes-${this.#component.data.recording}`;
  }

  get #unsaved() {
    return Object.keys(this.fields).some((field) => !this.#clashes.has(field) && this.fields[field] !== this.#base[field]);
  }

  /** Take what is stored, and keep of our own text what is not. */
  #receive(minutes, kept = null) {
    const theirs = flatten(minutes);
    const before = kept ?? { base: this.#base, fields: this.fields };
    const { fields, clashes } = merge(before.base, before.fields, theirs);
    this.minutes = minutes;
    this.#base = theirs;
    this.fields = fields;
    for (const { field, mine, theirs: stored } of clashes) {
      this.#clashes.set(field, stored);
      this.fields[field] = mine;
    }
    for (const [field, input] of this.#inputs) if (input.value !== this.fields[field]) this.#put(field, this.fields[field]);
  }

  #put(field, text) {
    const input = this.#inputs.get(field);
    if (!input) return;
    input.value = text;
    input.grow?.();
  }

  async #lookAgain() {
    if (document.hidden || this.#saving) return;
    const doc = await this.api.get("desk", { signal: this.#abort.signal }).catch(() => null);
    if (!doc?.minutes || this.#saving) return;
    const changed = doc.minutes.revision !== this.minutes.revision;
    const signed = JSON.stringify(doc.minutes.signed) !== JSON.stringify(this.minutes.signed);
    const added = doc.minutes.additions?.length !== this.minutes.additions?.length;
    this.doc = doc;
    if (changed || signed || added) {
      this.#receive(doc.minutes);
      this.#refresh();
      if (this.#unsaved) this.#saveSoon();
    }
  }

  #changed(field) {
    this.fields[field] = this.#inputs.get(field).value;
    sessionStorage.setItem(this.#memory, JSON.stringify({ base: this.#base, fields: this.fields }));
    if (this.#clashes.has(field)) this.#showClashes();
    this.#saveSoon();
  }

  #saveSoon(ms = SAVE_MS) {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#save(), ms);
  }

  /** Save what is unsaved; returns when nothing is left, or when the line is down. */
  async #save() {
    clearTimeout(this.#timer);
    if (this.#saving) await this.#saving;
    if (!this.#unsaved || this.locked) return;
    this.#saving = this.#send();
    const again = await this.#saving.finally(() => (this.#saving = null));
    if (again === "now") await this.#save();
    else if (again === "later") this.#saveSoon(RETRY_MS);
  }

  async #send() {
    const l = this.labels;
    const sent = { ...this.fields, ...Object.fromEntries(this.#clashes) };
    this.status.textContent = l.saving;
    try {
      const args = { ...arguments_of(this.minutes, sent), revision: this.minutes.revision };
      const revision = await this.api.intent("save_minutes", args, { quiet: true });
      this.#base = sent;
      this.minutes = { ...this.minutes, revision: revision?.revision ?? revision ?? this.minutes.revision + 1, signed: {} };
    } catch (error) {
      if (error.code === "conflict") {
        this.doc = await this.api.get("desk").catch(() => this.doc);
        this.#receive(this.doc.minutes);
        this.#refresh();
        this.status.textContent = "";
        return "now";
      }
      this.status.textContent = l.saving_again;
      if (error.passing) return "later";
      this.toasts.failed(error);
      return null;
    }
    if (!this.#unsaved) sessionStorage.removeItem(this.#memory);
    this.status.textContent = fill(l.saved_at, { time: hourMinute(new Date(), this.lang) });
    this.#showApproval();
    return this.#unsaved ? "now" : null;
  }

  async #sign() {
    await this.#save();
    if (this.#unsaved || this.#clashes.size) return;
    await this.api.intent("sign_minutes", { revision: this.minutes.revision });
    this.doc = await this.api.get("desk");
    this.#receive(this.doc.minutes);
    this.#refresh();
  }

  async #add(field) {
    const text = field.value.trim();
    if (!text) return;
    await this.api.intent("add_to_minutes", { text });
    field.value = "";
    this.doc = await this.api.get("desk");
    this.#receive(this.doc.minutes);
    this.#refresh();
  }

  // The page

  #build() {
    const l = this.labels;
    const view = choiceField({ label: l.view, value: "write", options: [["write", l.write], ["paper", l.on_paper]], input: () => this.#turn(view.value === "paper") });
    this.banner = el("div", { class: "banner ok", role: "status", hidden: true });
    this.clashBox = el("div", { class: "clashes" });
    this.sheet = el("div", { class: "g" }, this.#minutesCard(), this.#planCard());
    this.approval = el("section", { class: "sign", "aria-label": l.approval });
    this.added = el("section", { class: "card added", hidden: true, "aria-label": l.additions });
    this.paper = el("div", { class: "sheet", hidden: true });
    replace(this.main, el("div", { class: "hd" }, el("div", { class: "grow" }, el("h1", { text: l.minutes_title }), el("p", { class: "muted", text: this.heading() })), this.status, view), this.banner, this.clashBox, this.sheet, this.added, this.approval, this.paper);
    this.#refresh();
    document.fonts?.ready.then(() => this.#inputs.forEach((input) => input.grow?.()));
  }

  #turn(onPaper) {
    this.#onPaper = onPaper;
    this.#refresh();
    this.#inputs.forEach((input) => input.grow?.());
  }

  #minutesCard() {
    const l = this.labels;
    const agreements = listField({ labels: l, name: l.agreement_n, value: this.fields.agreements, input: () => this.#changed("agreements"), removed: (undo) => this.#undo(undo) });
    this.#inputs.set("agreements", agreements);
    return el(
      "section",
      { class: "card re", "aria-label": l.minutes },
      el("div", { class: "hstack" }, el("h2", { class: "grow", text: l.minutes }), el("span", { class: "tag dash", text: l.gathered })),
      el("ol", { class: "sq" }, this.minutes.items.map((item, i) => itemRow(this, { item, n: i + 1, inputs: this.#inputs, changed: (field) => this.#changed(field), open: () => this.#watch(item.start_ms) }))),
      el("h3", { text: l.agreed }),
      agreements,
    );
  }

  #planCard() {
    const l = this.labels;
    const text = (name, label, area) => {
      const input = textField({ label, value: this.fields[`plan.${name}`], area, input: () => this.#changed(`plan.${name}`) });
      this.#inputs.set(`plan.${name}`, input);
      return input;
    };
    const whom = choiceField({ label: l.with_whom, value: this.fields["plan.with_whom"], options: this.#people(), input: () => this.#changed("plan.with_whom") });
    const tries = listField({ labels: l, name: l.will_try_n, value: this.fields["plan.will_try"], most: 3, sign: "goal", input: () => this.#changed("plan.will_try"), removed: (undo) => this.#undo(undo) });
    this.#inputs.set("plan.with_whom", whom).set("plan.will_try", tries);
    return el(
      "section",
      { class: "card plan", "aria-label": l.plan_title },
      el("div", { class: "hstack" }, el("h2", { class: "grow", text: l.plan_title }), el("span", { class: "tag you", text: l.opens_with_next })),
      el("div", { class: "fx" }, el("div", {}, el("h3", { text: l.with_whom }), whom), el("div", {}, el("h3", { text: l.when }), text("when", l.when))),
      el("h3", { text: l.will_try }),
      tries,
      el("h3", { text: l.will_notice }),
      text("will_notice", l.will_notice, true),
      el("h3", { text: l.goal }),
      goalField({ labels: l, goals: this.doc.goals, fields: this.fields, inputs: this.#inputs, changed: (field) => this.#changed(field) }),
      this.minutes.plan.what_happened ? [el("h3", { text: l.what_happened }), el("p", { text: this.minutes.plan.what_happened })] : null,
    );
  }

  #people() {
    const l = this.labels;
    const letter = this.doc.recording.youth_letter;
    return [[letter, fill(l.youth, { letter })], ["other", l.someone_else], ["all", l.everyone]];
  }

  #refresh() {
    const l = this.labels;
    this.banner.hidden = !this.locked;
    const last = Object.values(this.minutes.signed).sort().at(-1);
    replace(this.banner, this.locked && [icon("check"), el("div", {}, el("b", { text: l.both_approved }), el("p", { text: fill(l.both_approved_text, { date: this.#moment(last) }) })), this.#toGoals()]);
    this.main.classList.toggle("locked", this.locked);
    for (const field of this.main.querySelectorAll(".g :is(input, textarea)")) field.readOnly = this.locked;
    for (const button of this.main.querySelectorAll(".g :is(button:not(.link), select)")) button.disabled = this.locked;
    this.sheet.hidden = this.#onPaper;
    this.paper.hidden = !this.#onPaper;
    replace(this.paper, this.#onPaper && paper(this));
    this.#showClashes();
    this.#showApproval();
    this.#showAdditions();
  }

  /** The way to the goals, where the caseworker looks back after a review. */
  #toGoals() {
    const { course_url } = this.#component.data;
    return course_url && this.doc.me.side === "caseworker" && this.doc.goals.length ? el("a", { class: "btn sm", href: course_url, target: "_self" }, icon("goal"), this.labels.look_at_goals) : null;
  }

  #showClashes() {
    const clashes = [...this.#clashes].map(([field, theirs]) => ({ field, mine: this.fields[field], theirs }));
    const settle = (field, text) => {
      this.#clashes.delete(field);
      this.fields[field] = text;
      this.#put(field, text);
      this.#showClashes();
      this.#saveSoon(0);
    };
    replace(this.clashBox, clashCards(clashes, { labels: this.labels, name: this.#otherName, settle }));
  }

  #showApproval() {
    const l = this.labels;
    const { me, other } = this.doc;
    const theirSide = me.side === "supervisor" ? "caseworker" : "supervisor";
    const mine = this.minutes.signed[me.side];
    const theirs = this.minutes.signed[theirSide];
    const one = (at, done, missing, text) => el("div", { class: at ? "sg1" : "sg1 me" }, icon(at ? "check" : "clock"), el("div", {}, el("b", { text: at ? done : missing }), el("span", { class: "s muted", text: at ? this.#moment(at) : text })));
    const propose = () => {
      this.toasts.show(fill(l.propose_text, { name: this.#otherName }));
      this.sheet.querySelector("textarea")?.focus();
    };
    this.approval.hidden = this.locked || this.#onPaper;
    replace(
      this.approval,
      one(theirs, fill(l.name_approved, { name: other.name }), fill(l.name_approval_missing, { name: this.#otherName }), l.film_later),
      one(mine, l.you_approved, l.your_approval_missing, l.after_both),
      el("span", { class: "grow" }),
      theirs && !mine && el("button", { type: "button", class: "btn", text: l.propose_change, on: { click: propose } }),
      !mine && el("button", { type: "button", class: "btn p", on: { click: () => this.#sign().catch(() => {}) } }, icon("check"), l.approve),
    );
  }

  #showAdditions() {
    const l = this.labels;
    this.added.hidden = !this.locked || this.#onPaper;
    if (this.added.hidden) return;
    const field = textField({ label: l.write_addition, input: () => {} });
    field.placeholder = l.write_addition;
    const texts = this.minutes.additions ?? [];
    replace(this.added, el("h2", { text: l.additions }), el("ul", { class: "ck" }, texts.map((text) => el("li", {}, icon("add"), el("span", { text })))), field, el("button", { type: "button", class: "btn", text: l.add, on: { click: () => this.#add(field).catch(() => {}) } }));
  }

  #undo(run) {
    this.toasts.show(this.labels.removed, { action: { label: this.labels.undo, run } });
  }

  #card(sign, tone, title, text, action = null) {
    replace(this.main, el("div", { class: `card state ${tone}` }, icon(sign), el("h1", { class: "cardtitle", text: title }), el("p", { text }), action));
  }
}

export default mounting(Minutes);
