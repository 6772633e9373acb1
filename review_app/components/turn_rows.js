// The rows of the text: one for each turn and each pause. Only how they are written; which there
// are, and where, is the transcript's.

import { clock, decimal, el, fill } from "./dom.js";
import { icon } from "./icons.js";

const DOUBTFUL_WORD = 0.5;
const SECOND_MS = 1000; // shorter pauses between words are breath
const MOST_DOTS = 3;

/** The space before a word, with a pause as researchers write it: a dot for each second, then how many. */
function spaceBefore(words, index) {
  const seconds = Math.floor((words[index][0] - words[index - 1][1]) / SECOND_MS);
  if (seconds < 1) return " ";
  return seconds > MOST_DOTS ? ` (${seconds} s) ` : ` (${".".repeat(seconds)}) `;
}
export const CHIP_DOUBTS = ["over_silence", "loop", "credit_line", "impossible_rate"];

export class TurnRows {
  constructor({ labels, lang }) {
    Object.assign(this, { labels, lang, blanks: new Map() });
  }

  pause(start, end) {
    const text = fill(this.labels.silence_of, { seconds: decimal((end - start) / 1000, this.lang, 1) });
    const row = el("li", { class: "ps" }, el("span"), el("span"), el("p", {}, text));
    row.dataset.ms = start;
    return row;
  }

  row(turn, index) {
    const { labels } = this;
    const row = this.blank(turn).cloneNode(true);
    const [time, , line] = row.children;
    const text = line.lastChild;
    row.dataset.i = index;
    time.textContent = clock(turn.start_ms);
    this.plain(text, turn);
    const doubt = turn.doubts.find((each) => CHIP_DOUBTS.includes(each));
    if (doubt) {
      text.classList.add("doubted");
      text.before(el("button", { class: "hal", type: "button", tabindex: "-1" }, icon("warning"), fill(labels.possibly_not_said, { reason: labels[`doubt_${doubt}`] })), " ");
    }
    return row;
  }

  /** The row of a speaker with nothing said in it yet: copied, thousands of rows are made at once. */
  blank({ speaker, kind }) {
    const { labels, blanks } = this;
    const which = `${speaker} ${kind}`;
    const name = labels[`speaker_${speaker}`] || labels.speaker_unknown;
    if (!blanks.has(which)) {
      blanks.set(which, el("li", { class: kind === "backchannel" ? "bc" : null },
        el("button", { class: "tm num", type: "button", tabindex: "-1" }),
        el("span", { class: `who ${speaker === "?" ? "unknown" : speaker}`, title: name, "aria-hidden": "true" }, labels[`letter_${speaker}`] || "?"),
        el("p", {}, el("span", { class: "sr" }, `${name}: `), el("span", { class: "said" }))));
    }
    return blanks.get(which);
  }

  plain(box, turn) {
    const pieces = [];
    let sure = "";
    turn.words.forEach((word, index) => {
      if (index) sure += spaceBefore(turn.words, index);
      if (word[3] < DOUBTFUL_WORD) {
        pieces.push(sure, this.unsure(word));
        sure = "";
      } else sure += word[2];
    });
    box.replaceChildren(...[...pieces, sure].filter(Boolean));
  }

  unsure(word) {
    return el("u", { class: "lo", title: fill(this.labels.low_confidence, { percent: Math.round(word[3] * 100) }) }, word[2]);
  }

  /** Write a turn with each word apart, and return the words' places. */
  wordByWord(box, turn) {
    const spans = turn.words.map((word) => (word[3] < DOUBTFUL_WORD ? this.unsure(word) : el("span", {}, word[2])));
    box.replaceChildren(...spans.flatMap((span, place) => (place ? [spaceBefore(turn.words, place), span] : [span])));
    return spans;
  }
}
