// Film and captions for an administrator whose emergency access is open, and nothing else.

import { el, replace } from "./dom.js";
import { icon } from "./icons.js";
import { Keys } from "./keys.js";
import { mounting } from "./mounting.js";
import { Player } from "./player.js";

class Emergency {
  constructor({ parentElement, data }) {
    const { labels, lang = "da", recording } = data;
    this.element = el("div", { class: "samspil emergency" });
    parentElement.append(this.element);
    this.keys = new Keys({ workspace: this.element, labels });
    this.player = new Player({ recording, labels, lang, keys: this.keys });
    this.player.addEventListener("error", () => this.close(labels));
    replace(this.element, this.player.film, this.player.controls);
  }

  /** The hour is over, someone has ended it, or someone in the film has withdrawn. */
  close(labels) {
    this.end();
    replace(this.element, el("div", { class: "state stop", role: "alert" }, icon("lock"), el("b", { text: labels.emergency_over })));
  }

  end() {
    this.player.destroy();
    this.keys.destroy();
  }

  destroy() {
    this.end();
    this.element.remove();
  }
}

export default mounting(Emergency);
