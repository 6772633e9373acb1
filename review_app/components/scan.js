// The picture of a signed paper on its way in. Its name stays on this computer.

import { el, replace } from "./dom.js";
import { icon } from "./icons.js";
import { mounting } from "./mounting.js";

const LARGEST = 20 * 1024 * 1024;
const ACCEPT = "image/jpeg,image/png,image/webp,application/pdf";

export class Scan {
  constructor({ parentElement, data, setTriggerValue }) {
    Object.assign(this, { data, labels: data.labels, tell: setTriggerValue });
    const { labels } = this;
    this.input = el("input", { type: "file", class: "sr", accept: ACCEPT, tabindex: "-1", "aria-label": labels.scan_choose, on: { change: () => this.send() } });
    this.button = el("button", { type: "button", class: "btn", on: { click: () => this.input.click() } }, icon("upload"), labels.scan_choose);
    this.said = el("p", { class: "s", role: "status", "aria-live": "polite", text: labels.scan_missing });
    this.element = el("div", { class: "samspil scan" }, this.said, this.button, this.input);
    parentElement.append(this.element);
  }

  async send() {
    const { labels, data } = this;
    const [file] = this.input.files;
    this.input.value = "";
    if (!file) return;
    if (file.size > LARGEST) {
      this.said.textContent = labels.scan_too_large;
      return;
    }
    this.button.disabled = true;
    this.said.textContent = labels.scan_sending;
    const place = [data.recording, data.evidence].map(encodeURIComponent);
    const url = `/api/recordings/${place[0]}/evidence/${place[1]}/scan`;
    let answer;
    try {
      answer = await fetch(url, { method: "POST", body: file, credentials: "same-origin" });
    } catch {
      return this.refused(labels.offline, labels.offline_advice);
    }
    if (!answer.ok) {
      const why = await answer.json().catch(() => null);
      return this.refused(why?.message ?? labels.failed, why?.advice ?? "");
    }
    replace(this.said, icon("check"), ` ${labels.scan_kept}`);
    this.button.remove();
    return this.tell("kept", data.evidence);
  }

  refused(what, advice) {
    this.button.disabled = false;
    replace(this.said, el("b", { text: what }), ` ${advice}`);
  }

  update(component) {
    this.tell = component.setTriggerValue;
  }

  destroy() {
    this.element.remove();
  }
}

export default mounting(Scan);
