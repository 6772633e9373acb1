/**
 * The dialog of a reflecting group: which rounds, who does what, who is invited and who may be.
 *
 *   const dialog = new GroupDialog(room);
 *   dialog.open()  dialog.show()   show() again whenever the room has changed
 */

import { el, fill, replace } from "./dom.js";
import { icon } from "./icons.js";

const PLANS = ["3_3_1", "4_3_1", "10_5"];
const PARTS = ["teller", "interviewer", "reflecting", "observer"];

export class GroupDialog {
  #room;
  #dialog = null;
  #group = null;
  #selects = new Map();

  constructor(room) {
    const l = room.labels;
    this.#room = room;
    const free = this.#plan(null, l.no_rounds, l.no_rounds_text);
    const plans = PLANS.map((plan) => this.#plan(plan, plan.replaceAll("_", " + "), l[`plan_${plan}`]));
    this.rounds = el("div", { class: "plans", role: "group", "aria-labelledby": "group-rounds" }, free, plans);
    this.rows = el("div", {});
    this.parts = el("section", { class: "parts", "aria-labelledby": "group-parts" }, el("h3", { id: "group-parts", text: l.parts }), this.rows);
    this.guests = el("div", { class: "guests" });
  }

  async open() {
    const { labels: l, main } = this.#room;
    if (this.#dialog || this.#room.isGuest) return;
    this.close = el("button", { type: "button", class: "btn", text: l.close, on: { click: () => this.#dialog.close() } });
    this.#dialog = el(
      "dialog",
      { class: "keysheet group", "aria-labelledby": "group-title", on: { close: () => this.#closed() } },
      el("h2", { id: "group-title", text: l.group_title }),
      el("p", { class: "muted s", text: l.group_meaning }),
      el("section", {}, el("h3", { id: "group-rounds", text: l.rounds }), this.rounds),
      this.parts,
      el("section", { "aria-labelledby": "group-guests" }, el("h3", { id: "group-guests", text: l.guests }), this.guests),
      el("div", { class: "hstack" }, this.close),
    );
    main.append(this.#dialog);
    this.show();
    replace(this.guests, el("p", { class: "muted", text: l.fetching_group }));
    this.#dialog.showModal();
    await this.#load();
  }

  show() {
    if (!this.#dialog) return;
    this.#showRounds();
    this.#showParts();
  }

  #closed() {
    this.#dialog.remove();
    this.#dialog = null;
  }

  async #load() {
    try {
      this.#group = await this.#room.api.get("group");
    } catch (error) {
      replace(this.guests, el("p", { class: "muted", text: error.message }));
      return;
    }
    this.#room.invited(this.#group.guests);
    this.#showGuests(this.#group);
  }

  async #ask(intent, guest) {
    try {
      await this.#room.api.intent(intent, { guest });
    } catch {
      // What could not be done has been said; what stands is fetched again.
    }
    if (!this.#dialog) return;
    await this.#load();
    // The button that was pressed is gone: go on where the next thing can be done.
    const { guests } = this;
    (guests.querySelector("select") ?? guests.querySelector("button") ?? this.close).focus();
  }

  #plan(plan, title, text) {
    const choose = () => this.#chosen !== plan && this.#room.link.command("rounds", plan ? { plan } : {});
    return el("button", { type: "button", class: "plan", data: { plan: plan ?? "" }, on: { click: choose } }, el("b", { class: "num", text: title }), el("span", { class: "xs muted", text }));
  }

  get #chosen() {
    return this.#room.state?.rounds?.plan ?? null;
  }

  #showRounds() {
    for (const button of this.rounds.children) {
      button.setAttribute("aria-pressed", String(button.dataset.plan === (this.#chosen ?? "")));
      button.disabled = !this.#room.leads;
    }
  }

  /** A row for each person here; what is there stays, so that nothing changes under a choosing hand. */
  #showParts() {
    const { state, here, leads } = this.#room;
    this.parts.hidden = !state?.rounds;
    for (const [id, { row }] of this.#selects) if (!here.some((person) => person.id === id)) this.#leave(id, row);
    for (const person of here) {
      const known = this.#selects.get(person.id) ?? this.#join(person);
      known.field.disabled = !leads;
      if (!known.field.matches(":focus")) known.field.value = person.part;
    }
  }

  #join(person) {
    const { labels: l, link } = this.#room;
    const field = el("select", { class: "in", on: { change: () => link.command("part", { to: person.id, part: field.value }) } }, PARTS.map((part) => el("option", { value: part, text: l[`part_${part}`] })));
    const row = el("label", { class: "fld" }, el("span", { text: person.name }), field);
    this.rows.append(row);
    this.#selects.set(person.id, { row, field });
    return this.#selects.get(person.id);
  }

  #leave(id, row) {
    row.remove();
    this.#selects.delete(id);
  }

  #showGuests({ guests, colleagues, missing, most, may_invite: mayInvite }) {
    const { labels: l, data } = this.#room;
    const invited = guests.map((guest) => {
      const back = mayInvite && el("button", { type: "button", class: "btn sm q", "aria-label": `${l.take_back}: ${guest.name}`, text: l.take_back, on: { click: () => this.#ask("end_invitation", guest.id) } });
      return el("li", { class: "hstack" }, el("span", { class: "grow", text: guest.name }), back);
    });
    const list = invited.length ? el("ul", {}, invited) : el("p", { class: "muted", text: l.no_guests });
    if (missing.length) {
      const reasons = missing.map(({ who, why }) => el("li", {}, who && el("b", { text: `${who}: ` }), why));
      const way = data.consent_url && el("a", { href: data.consent_url, text: l.to_consent });
      replace(this.guests, list, el("div", { class: "banner wait" }, icon("lock"), el("div", {}, el("b", { text: l.not_agreed }), el("p", { text: l.not_agreed_text }), el("ul", { class: "why" }, reasons), way)));
    } else if (!mayInvite) replace(this.guests, list, el("p", { class: "muted s", text: l.supervisor_invites }));
    else if (guests.length >= most) replace(this.guests, list, el("p", { class: "muted s", text: fill(l.group_full, { n: most }) }));
    else if (!colleagues.length) replace(this.guests, list, el("p", { class: "muted s", text: l.no_colleagues }));
    else {
      const whom = el("select", { class: "in" }, colleagues.map(({ id, name }) => el("option", { value: id, text: name })));
      const invite = el("button", { type: "button", class: "btn", text: l.invite, on: { click: () => this.#ask("invite_guest", whom.value) } });
      replace(this.guests, list, el("div", { class: "fld" }, el("label", { class: "hstack grow" }, el("span", { text: l.colleague }), whom), invite), el("p", { class: "muted s", text: l.guests_meaning }));
    }
  }
}
