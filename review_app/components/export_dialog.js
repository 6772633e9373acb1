// The dialog before a copy is taken out: what, and why. The browser's own form sends it, so that a
// long film goes to the disk as it comes.

import { el } from "./dom.js";

export function exportDialog({ recording, labels, reasons, host }) {
  const option = ([value, text]) => el("option", { value, text });
  const field = (name, label, options) => el("label", { class: "fld" }, el("span", { class: "b s", text: label }), el("select", { class: "in", name, required: true }, options.map(option)));
  const dialog = el("dialog", { class: "ask", "aria-label": labels.take_copy },
    el("form", { method: "post", action: `/api/recordings/${encodeURIComponent(recording)}/export`, target: "_blank", on: { submit: () => dialog.close() } },
      el("h2", { text: labels.take_copy }),
      el("p", { class: "muted", text: labels.take_copy_meaning }),
      field("what", labels.copy_of, [["film", labels.film], ["captions", labels.captions_vtt], ["subtitles", labels.captions_srt]]),
      field("reason", labels.copy_reason, Object.entries(reasons)),
      el("div", { class: "hstack ends" }, el("button", { type: "button", class: "btn", text: labels.not_yet, on: { click: () => dialog.close() } }), el("span", { class: "grow" }), el("button", { type: "submit", class: "btn p", text: labels.take_copy }))));
  dialog.addEventListener("close", () => setTimeout(() => dialog.remove()));
  host.append(dialog);
  dialog.showModal();
  return dialog;
}
