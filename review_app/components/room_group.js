/**
 * The reflecting group in the room: who does what, the rounds with their time, who is invited.
 *
 *   const group = new RoomGroup(room);   room is the shell of room.js
 *   group.element        the bar under the head, hidden while two meet without rounds
 *   group.button         opens the dialog
 *   group.show()         again whenever anything has changed
 *   group.showTime()     several times a second
 *   group.listens        whether it is this person's turn to listen
 */

import { el, fill, givenName, initials, replace, span } from "./dom.js";
import { GroupDialog } from "./room_group_dialog.js";
import { icon } from "./icons.js";

const LAST_MINUTE_MS = 60000;

export class RoomGroup {
  #room;
  #told = "";

  constructor(room) {
    const l = room.labels;
    this.#room = room;
    this.dialog = new GroupDialog(room);
    this.button = el("button", { type: "button", class: "btn sm q", "aria-haspopup": "dialog", "aria-keyshortcuts": "G", title: `${l.group} (G)`, on: { click: () => this.dialog.open() } }, icon("people"), el("span", { text: l.group }));
    this.people = el("ul", { class: "table", "aria-label": l.people });
    this.round = el("p", { class: "rnd" });
    this.left = el("b", { class: "num", role: "timer", "aria-label": l.round_left });
    this.line = el("i");
    this.run = el("button", { type: "button", class: "btn sm", on: { click: () => room.link.command("round_time", { running: !this.rounds.running }) } });
    this.next = el("button", { type: "button", class: "btn sm", on: { click: () => room.link.command("round_next") } });
    this.time = el("div", { class: "time" }, el("div", { class: "hstack" }, this.round, this.left), el("span", { class: "line", "aria-hidden": "true" }, this.line));
    this.clock = el("section", { class: "clock hstack", "aria-label": l.rounds, hidden: true }, this.time, this.run, this.next);
    this.element = el("div", { class: "grp", hidden: true }, this.people, this.clock);
  }

  get rounds() {
    return this.#room.state?.rounds ?? null;
  }

  get listens() {
    return this.#listening(this.#room.present(this.#room.me.id));
  }

  show() {
    const { rounds } = this;
    const room = this.#room;
    this.element.hidden = !room.isGroup;
    room.main.classList.toggle("grouped", room.isGroup);
    replace(this.people, room.isGroup && this.#atTheTable().map((person) => this.#person(person)));
    this.clock.hidden = !rounds;
    this.run.hidden = this.next.hidden = !room.leads;
    if (rounds) this.#showRound(rounds);
    else this.#told = "";
    room.notes.showTurn(this.listens);
    this.dialog.show();
  }

  showTime() {
    const { rounds } = this;
    const { labels: l, link } = this.#room;
    if (!rounds) return;
    const ran = rounds.running && link.clock.ready ? Math.max(0, link.srvNow() - rounds.at_ms) : 0;
    const left = rounds.left_ms - ran;
    const over = left <= 0;
    this.time.classList.toggle("over", over);
    this.left.textContent = over ? l.round_over : span(Math.ceil(left / 1000) * 1000);
    this.line.style.width = `${Math.min(100, Math.max(0, (1 - left / rounds.length_ms) * 100))}%`;
    if (rounds.running) this.#tell(rounds, left);
  }

  #showRound(rounds) {
    const { labels: l, leads } = this.#room;
    const name = l[`round_${rounds.kind}`];
    replace(this.round, el("b", { text: name }), el("span", { class: "xs muted", text: fill(l.round_of, { n: rounds.number + 1, count: rounds.count }) }));
    const fresh = rounds.left_ms === rounds.length_ms;
    replace(this.run, icon(rounds.running ? "pause" : "play"), rounds.running ? l.round_pause : fresh ? l.round_start : l.round_resume);
    const last = rounds.number === rounds.count - 1;
    this.next.textContent = last ? l.rounds_again : l.round_next;
    const held = this.next.matches(":focus");
    if (leads) this.next.disabled = !rounds.running && fresh && rounds.number === 0;
    if (held && this.next.disabled) this.run.focus();
    this.showTime();
  }

  /** Say when a round begins, when a minute is left and when its time is over, each once. */
  #tell(rounds, left) {
    const { labels: l } = this.#room;
    const phase = left <= 0 ? "over" : left <= LAST_MINUTE_MS && rounds.length_ms > LAST_MINUTE_MS ? "last" : "runs";
    const key = `${rounds.number}${rounds.kind}${phase}`;
    if (key === this.#told) return;
    this.#told = key;
    const begins = fill(l.round_begins, { name: l[`round_${rounds.kind}`], n: Math.round(rounds.length_ms / 60000) });
    this.#room.say({ over: l.round_over_text, last: l.one_minute_left, runs: this.listens ? `${begins} ${l.you_listen}` : begins }[phase]);
  }

  /** The two, here or not, and whoever else is here. */
  #atTheTable() {
    const hosts = ["supervisor", "caseworker"].map((side) => this.#room.host(side)).filter(Boolean);
    return [...hosts, ...this.#room.here.filter((person) => person.side === "guest")];
  }

  #listening(person) {
    return Boolean(this.rounds && person?.part && !this.rounds.speakers.includes(person.part));
  }

  #person(person) {
    const { labels: l, me, state, head } = this.#room;
    const mine = person.id === me.id;
    const here = this.#room.present(person.id);
    const listens = this.#listening(here);
    const leads = person.id === state?.leader;
    const name = givenName(person.name);
    const title = leads ? (mine ? l.you_lead : fill(l.name_leads, { name })) : mine ? l.you : name;
    const takesPart = this.rounds && here && !here.buffering;
    const does = takesPart ? l[`part_${here.part}`] : head.how(person);
    return el(
      "li",
      { class: [listens && "listens", !here && "away"].filter(Boolean).join(" ") },
      el("span", { class: `ava ${person.side}`, "aria-hidden": "true", text: initials(person.name) }),
      el("div", {}, el("b", { text: title }), el("span", { class: "xs muted", text: listens && takesPart ? fill(l.part_listens, { part: does }) : does })),
    );
  }
}
