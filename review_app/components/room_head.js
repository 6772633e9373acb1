/**
 * The room's head: which sequence, who is here and in step, who leads, time left, the end.
 *
 *   const head = new RoomHead(room);   room is the shell of room.js
 *   head.element, head.show()          show() again whenever anything has changed
 */

import { el, fill, givenName, initials, replace } from "./dom.js";
import { icon, kindIcon } from "./icons.js";

const USUAL_MINUTES = 60;
const SLOW_LINE_MS = 250;

export class RoomHead {
  #room;

  constructor(room) {
    const l = room.labels;
    this.#room = room;
    this.title = el("h1");
    this.kind = el("span", { class: "kind" });
    this.place = el("p", { class: "muted s place" });
    this.people = el("ul", { class: "pres", "aria-label": l.people });
    this.lead = el("button", { type: "button", class: "btn sm", "aria-keyshortcuts": "B", on: { click: () => this.askOrGive() } });
    this.left = el("b", { class: "num" });
    this.end = el("button", { type: "button", class: "btn sm", text: l.end_and_write, on: { click: () => room.confirmEnd() } });
    this.question = el("div", { class: "banner leadask", role: "status", hidden: true });
    this.element = el(
      "div",
      { class: "head" },
      el("div", { class: "grow" }, el("div", { class: "hstack" }, this.title, this.kind), this.place),
      this.people,
      room.call.button,
      room.isGuest ? null : room.group.button,
      room.isGuest ? null : this.lead,
      el("div", { class: "tim" }, el("span", { class: "xs muted", text: l.time_left }), this.left),
      room.concern.button(),
      room.isGuest ? null : this.end,
      this.question,
    );
  }

  show() {
    const { labels: l, sequence, doc } = this.#room;
    const at = doc.sequences.indexOf(sequence) + 1;
    this.title.textContent = sequence ? fill(l.sequence_title, { n: at, title: sequence.title }) : l.joint_review;
    this.kind.className = `kind ${sequence?.kind ?? ""}`;
    replace(this.kind, sequence && [kindIcon(sequence.kind), l[`kind_${sequence.kind}`]]);
    const place = fill(l.sequence_place, { number: doc.recording.number, n: at, count: doc.sequences.length });
    this.place.textContent = this.#room.call.button ? place : `${place} · ${l.call_elsewhere}`;
    this.people.hidden = this.#room.isGroup;
    this.#showPeople();
    this.#showLead();
    this.showTime(new Date());
  }

  /** Show the time left of the meeting; called by the shell's own timer. */
  showTime(now) {
    const { labels: l, startedAt, doc } = this.#room;
    const used = Math.max(0, Math.floor((now - startedAt) / 60000));
    this.left.textContent = fill(l.minutes, { n: Math.max(0, (doc.cycle.meeting_minutes ?? USUAL_MINUTES) - used) });
  }

  /** The key B and the button: ask, give, keep or take, whichever is open. */
  askOrGive() {
    const { state, leads, leaderAway, link, other } = this.#room;
    if (!state || this.#room.isGuest) return;
    if (leads) {
      if (other && this.#room.present(other.id)) link.command("lead_give", { to: other.id });
    } else if (leaderAway) link.command("lead_take");
    else if (!state.asked_by) link.command("lead_ask");
  }

  #showPeople() {
    const { me, other, state } = this.#room;
    const order = (this.#room.isGroup ? [] : [me, other]).filter(Boolean).sort((a, b) => (b.id === state?.leader) - (a.id === state?.leader));
    replace(
      this.people,
      order.map((person) => {
        const side = person.side ?? "supervisor";
        return el(
          "li",
          {},
          el("span", { class: `ava ${side}`, "aria-hidden": "true", text: initials(person.name) }),
          el("div", {}, el("b", { text: this.#who(person) }), el("span", { class: "xs muted", text: this.how(person) })),
        );
      }),
    );
  }

  #who(person) {
    const { labels: l, me, state } = this.#room;
    const leads = person.id === state?.leader;
    if (person.id === me.id) return leads ? l.you_lead : l.you;
    const name = givenName(person.name);
    return leads ? fill(l.name_leads, { name }) : name;
  }

  /** How somebody's film and line are, in a few words. */
  how(person) {
    const { labels: l, me, link, lost } = this.#room;
    if (person.id === me.id) {
      if (lost) return l.line_lost_short;
      if (!link.clock.ready) return l.connecting;
      return link.clock.rtt > SLOW_LINE_MS ? l.line_slow : l.line_good;
    }
    const theirs = this.#room.present(person.id);
    if (!theirs) return l.not_here;
    if (theirs.buffering) return l.fetching;
    const mine = this.#room.present(me.id);
    if (!this.#room.state?.playing || theirs.drift_ms == null || mine?.drift_ms == null) return l.in_step;
    return fill(l.in_step_by, { ms: Math.abs(theirs.drift_ms - mine.drift_ms) });
  }

  #showLead() {
    const { labels: l, state, leads, leaderAway, me, other, link } = this.#room;
    const name = givenName(other?.name ?? "");
    const asked = state?.asked_by;
    const iAsked = asked === me.id;
    let words = l.ask_to_lead;
    if (leads) words = fill(l.give_lead, { name });
    else if (leaderAway) words = l.take_lead;
    else if (iAsked) words = l.asked_waiting;
    replace(this.lead, icon("hand"), words);
    this.lead.title = `${words} (B)`;
    this.lead.disabled = (iAsked && !leaderAway) || (leads && !(other && this.#room.present(other.id)));
    const asking = asked && leads && !iAsked;
    this.question.hidden = !asking;
    if (!asking) {
      replace(this.question);
      return;
    }
    if (this.question.childElementCount) return;
    const asker = givenName(this.#room.nameOf(asked));
    const answer = (label, to) => el("button", { type: "button", class: "btn sm", text: label, on: { click: () => link.command("lead_give", { to }) } });
    replace(this.question, icon("hand"), el("span", { class: "grow", text: fill(l.name_asks_to_lead, { name: asker }) }), answer(l.let_lead, asked), answer(l.keep_lead, me.id));
  }
}
