/**
 * A course's own development goals: in the caseworker's words, followed over its weeks.
 * Entry module. data: {course, labels, lang}.
 *
 * The caseworker writes; the supervisor reads. Nothing is added up or compared with anybody.
 */

import { Api, Toasts } from "./api.js";
import { el, fill, givenName, replace } from "./dom.js";
import { goalForm } from "./goal_form.js";
import { goalLine } from "./goal_line.js";
import { icon } from "./icons.js";
import { lookForm } from "./look_form.js";
import { mounting } from "./mounting.js";

const WORDS = ["sign", "means", "reason"];

export class Goals {
  #abort = new AbortController();

  constructor({ parentElement, data }) {
    Object.assign(this, { labels: data.labels, course: data.course, open: null });
    this.toasts = new Toasts(data.labels);
    this.api = new Api(data.course, { labels: data.labels, toasts: this.toasts, under: "courses" });
    this.main = el("section", { class: "card gls", "aria-label": this.labels.goals_title });
    this.spoken = el("p", { class: "sr", role: "status" });
    this.element = el("div", { class: "samspil" }, this.main, this.spoken, this.toasts.element);
    document.documentElement.lang = data.lang ?? "da";
    parentElement.append(this.element);
    this.load();
  }

  async load() {
    try {
      this.doc = await this.api.get("goals", { signal: this.#abort.signal });
    } catch (error) {
      if (error.name === "AbortError") return;
      const again = el("button", { type: "button", class: "btn", text: this.labels.try_again, on: { click: () => this.load() } });
      replace(this.main, el("div", { class: `state ${error.passing ? "wait" : "stop"}` }, icon(error.passing ? "warning" : "lock"), el("h2", { text: error.message }), el("p", { text: error.advice }), error.passing ? again : null));
      return;
    }
    this.mine = this.doc.side === "caseworker";
    this.name = givenName(this.doc.other);
    this.draw();
  }

  draw() {
    const { labels, doc, mine, name } = this;
    const follows = doc.goals.filter((goal) => !goal.aside);
    const aside = doc.goals.filter((goal) => goal.aside);
    const room = mine && doc.goals.length < doc.most;
    const none = mine ? labels.no_goals : fill(labels.no_goals_of, { name });
    replace(this.main,
      el("div", { class: "hstack" }, el("h2", { class: "grow", text: mine ? labels.my_goals : fill(labels.goals_of, { name }) }), room && this.open?.id !== "new" ? el("button", { type: "button", class: "btn q", on: { click: () => this.show("write", "new") } }, icon("add"), labels.new_goal) : null),
      this.open?.id === "new" ? this.form(null) : null,
      follows.length || this.open ? null : el("p", { class: "muted", text: none }),
      el("ol", { class: "gl" }, follows.map((goal) => this.goal(goal))),
      aside.length ? el("details", { class: "aside", open: aside.some((goal) => goal.id === this.open?.id) }, el("summary", { text: fill(labels.goals_aside, { count: aside.length }) }), el("ol", { class: "gl" }, aside.map((goal) => this.goal(goal)))) : null,
      el("p", { class: "s muted keep" }, icon("lock"), ` ${fill(mine ? labels.goals_yours : labels.goals_theirs, { name })}`));
  }

  goal(goal) {
    const { labels, doc } = this;
    const here = this.open?.id === goal.id ? this.open.what : null;
    const words = WORDS.filter((name) => goal[name]).map((name) => [el("dt", { text: labels[`goal_${name}`] }), el("dd", { text: goal[name] })]);
    return el("li", { data: { id: goal.id } },
      el("h3", { tabindex: "-1", text: `”${goal.goal}”` }),
      el("div", { class: "two" },
        el("dl", {}, words, el("dt", { text: labels.goal_week }), el("dd", { text: fill(labels.week_n, { week: goal.week }) })),
        el("div", {}, goalLine({ goal, weeks: doc.weeks, week: doc.week, labels }), el("ol", { class: "lk" }, goal.looks.map((look) => this.look(look))))),
      this.mine && !here ? this.ways(goal) : null,
      here === "write" ? this.form(goal) : null,
      here === "look" ? this.lookBack(goal) : null);
  }

  look(look) {
    const { labels } = this;
    return el("li", {}, el("span", { class: "xs muted num", text: fill(labels.week_n, { week: look.week }) }), el("span", { class: "num b", text: fill(labels.place_of, { place: look.place }) }), el("span", { text: look.tried || fill(labels.after_conversation, { number: look.number }) }));
  }

  ways(goal) {
    const { labels, doc } = this;
    const button = (label, run, kind = "q") => el("button", { type: "button", class: `btn sm ${kind}`, text: label, on: { click: run } });
    return el("div", { class: "hstack wrap ways" },
      doc.reviews.length && !goal.aside ? button(labels.look_back, () => this.show("look", goal.id), "") : null,
      button(labels.edit_goal, () => this.show("write", goal.id)),
      button(goal.aside ? labels.take_up : labels.lay_aside, () => this.layAside(goal)),
      button(labels.erase_goal, () => this.ask(goal)));
  }

  show(what, id) {
    this.open = { what, id };
    this.draw();
    this.main.querySelector("form :is(textarea, select, input)")?.focus();
  }

  /** Take the form away and go back to where it was opened. */
  shut(id) {
    this.open = null;
    this.draw();
    const goal = this.main.querySelector(`li[data-id="${CSS.escape(id)}"] h3`) ?? this.main.querySelector(".btn");
    goal?.focus();
  }

  form(goal) {
    const id = goal?.id ?? "new";
    const { labels, doc, course } = this;
    return goalForm({ goal, labels, weeks: doc.weeks, week: doc.week, memory: `samspil-goal-${course}-${id}`, onCancel: () => this.shut(id), onSave: async (fields) => {
      const known = this.doc.goals.find((each) => each.id === id);
      const args = known ? { ...fields, id, revision: known.revision } : fields;
      const saved = await this.send("write_goal", args, labels.goal_saved);
      if (saved) this.shut(known ? id : this.doc.goals.at(-1).id);
      return saved;
    } });
  }

  lookBack(goal) {
    return lookForm({ goal, reviews: this.doc.reviews, labels: this.labels, onCancel: () => this.shut(goal.id), onSave: async (fields) => {
      if (await this.send("look_at_goal", { id: goal.id, ...fields }, this.labels.look_saved)) this.shut(goal.id);
    } });
  }

  async layAside(goal) {
    const { labels } = this;
    const aside = !goal.aside;
    const send = (to) => this.send("lay_goal_aside", { id: goal.id, revision: this.doc.goals.find((each) => each.id === goal.id).revision, aside: to }, to ? labels.laid_aside : labels.taken_up);
    if (!(await send(aside))) return;
    this.shut(goal.id);
    if (aside) this.toasts.show(labels.laid_aside, { action: { label: labels.undo, run: async () => (await send(false)) && this.shut(goal.id) } });
  }

  /** Erasing is for ever, so it is asked about: what goes, and what stays. */
  ask(goal) {
    const { labels } = this;
    const erase = el("button", { type: "submit", class: "btn", text: labels.erase_goal });
    const dialog = el("dialog", { class: "ask", "aria-labelledby": "erase-goal" },
      el("form", { method: "dialog", on: { submit: async () => (await this.send("remove_goal", { id: goal.id }, labels.goal_erased)) && this.shut(goal.id) } },
        el("h2", { id: "erase-goal", text: labels.erase_goal_title }), el("p", { text: `”${goal.goal}”` }), el("p", { class: "muted", text: labels.erase_goal_meaning }),
        el("div", { class: "hstack ends" }, el("button", { type: "button", class: "btn", text: labels.keep_goal, on: { click: () => dialog.close() } }), erase)));
    dialog.addEventListener("close", () => dialog.remove());
    this.element.append(dialog);
    dialog.showModal();
  }

  /** Carry out an intent and take over what the goals are then; false if it was refused. */
  async send(intent, args, said) {
    try {
      this.doc = await this.api.intent(intent, args);
    } catch (error) {
      if (error.code === "conflict") await this.load(); // the form stays; what is stored stands above it
      return false;
    }
    this.spoken.textContent = said;
    return true;
  }

  destroy() {
    this.#abort.abort();
    this.element.remove();
  }
}

export default mounting(Goals);
