/**
 * The call beside the film, on the site's own meeting server, where the site has one.
 *
 *   const call = new RoomCall(room);
 *   call.element   the panel, hidden while the call is closed
 *   call.button    opens and closes it; null where the site has no meeting server
 *   call.show()    again whenever the room's state has changed
 *
 * The server is told a name that says nothing, and nothing else. The frame may use camera and
 * microphone, and no more.
 */

import { el, replace } from "./dom.js";
import { icon } from "./icons.js";

export class RoomCall {
  #room;
  #name = "";
  #open = false;

  constructor(room) {
    const l = room.labels;
    this.#room = room;
    this.frame = el("div", { class: "call" });
    this.element = el("section", { class: "panel callp", "aria-label": l.call, hidden: true }, this.frame);
    this.button = room.data.meeting ? el("button", { type: "button", class: "btn sm", "aria-expanded": "false", on: { click: () => this.#toggle() } }, icon("camera"), el("span", { text: l.open_call })) : null;
  }

  show() {
    const name = this.#open ? (this.#room.state?.call ?? "") : "";
    if (name === this.#name) return;
    this.#name = name;
    this.element.hidden = !name;
    replace(this.frame, name && this.#window(name));
  }

  #toggle() {
    const l = this.#room.labels;
    this.#open = !this.#open;
    this.button.setAttribute("aria-expanded", String(this.#open));
    this.button.lastChild.textContent = this.#open ? l.close_call : l.open_call;
    this.show();
  }

  #window(name) {
    return el("iframe", { src: `${this.#room.data.meeting}/${name}`, title: this.#room.labels.call, allow: "camera; microphone", sandbox: "allow-scripts allow-same-origin allow-forms", referrerpolicy: "no-referrer" });
  }
}
