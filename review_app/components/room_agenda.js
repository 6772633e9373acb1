/**
 * The room's agenda, the question under the film, and the way on to the next sequence.
 *
 *   const agenda = new RoomAgenda(room);
 *   agenda.element, agenda.question, agenda.next, agenda.show(), agenda.showTime(date)
 */

import { el, fill, givenName, hourMinute, replace, span } from "./dom.js";
import { icon, kindIcon } from "./icons.js";

export class RoomAgenda {
  #room;

  constructor(room) {
    const l = room.labels;
    this.#room = room;
    this.used = el("span", { class: "xs muted num" });
    this.list = el("ol", { class: "ag" });
    this.element = el("section", { class: "panel agp", tabindex: "-1", "aria-label": l.agenda }, el("div", { class: "ph" }, el("h2", { class: "grow", text: l.agenda }), this.used), this.list);
    this.question = el("section", { class: "ask", tabindex: "-1", "aria-label": l.question });
    this.next = el("button", { type: "button", class: "btn nx", "aria-keyshortcuts": "PageDown", on: { click: () => this.goOn() } });
  }

  show() {
    const { doc, sequence, state, leads } = this.#room;
    replace(
      this.list,
      doc.sequences.map((item, i) => {
        const chosen = item === sequence;
        const choose = () => this.#room.ifLeading(() => this.#room.choose(item.id));
        const button = el(
          "button",
          { type: "button", "aria-current": chosen ? "step" : null, "aria-disabled": leads ? null : "true", on: { click: choose } },
          el("span", { class: `kind ${item.kind}` }, kindIcon(item.kind), el("span", { class: "sr", text: this.#room.labels[`kind_${item.kind}`] })),
          el("span", { class: "grow", text: `${i + 1}. ${item.title}` }),
          el("span", { class: "num xs muted", text: span(item.end_ms - item.start_ms) }),
        );
        return el("li", { class: chosen ? `on ${item.kind}` : "" }, button);
      }),
    );
    this.#showQuestion();
    this.#showNext(Boolean(state?.ended));
    this.showTime(new Date());
  }

  showTime(now) {
    const { labels: l, startedAt, lang } = this.#room;
    const n = Math.max(0, Math.floor((now - startedAt) / 60000));
    this.used.textContent = fill(l.time_used, { time: hourMinute(now, lang), n });
  }

  goOn() {
    const following = this.#following;
    if (!following) this.#room.confirmEnd();
    else this.#room.ifLeading(() => this.#room.choose(following.id));
  }

  get #following() {
    const { doc, sequence } = this.#room;
    return doc.sequences[doc.sequences.indexOf(sequence) + 1];
  }

  #showQuestion() {
    const { doc, sequence, labels: l, me, isGuest } = this.#room;
    this.question.className = `ask ${sequence?.kind ?? ""}`;
    if (!sequence) {
      replace(this.question);
      return;
    }
    const answer = (doc.answers ?? []).find((one) => one.sequence === sequence.id);
    const supervisor = this.#room.host("supervisor");
    const caseworker = this.#room.host("caseworker");
    const asks = supervisor === me ? l.your_question : fill(l.name_question, { name: givenName(supervisor?.name) });
    const wrote = caseworker === me ? l.you_wrote : fill(l.name_wrote, { name: givenName(caseworker?.name) });
    const quote = (text) => fill(l.quote, { text });
    const texts = [answer?.seen, answer?.thought].filter(Boolean);
    const said = answer?.skipped ? l.skipped : texts.length ? quote(texts.join(" ")) : l.nothing_written;
    replace(
      this.question,
      el("div", {}, el("span", { class: "xs b muted", text: asks }), el("p", { class: "qq", text: sequence.prompt ? quote(sequence.prompt) : l.no_question })),
      isGuest ? null : el("div", { class: "ans" }, el("span", { class: "xs b muted", text: wrote }), el("p", { class: texts.length && !answer?.skipped ? "" : "muted", text: said })),
    );
  }

  #showNext(ended) {
    const { labels: l, leads, doc, state } = this.#room;
    const following = this.#following;
    const n = doc.sequences.indexOf(following) + 1;
    const leader = givenName(this.#room.nameOf(state?.leader));
    let words = l.end_and_write;
    if (following) words = leads ? fill(l.on_to_sequence, { n }) : fill(l.name_chooses_next, { name: leader });
    this.next.disabled = ended || Boolean(following && !leads);
    this.next.hidden = this.#room.isGuest && !following;
    replace(this.next, words, following && leads && icon("arrow_right"));
  }
}
