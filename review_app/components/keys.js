/**
 * One keyboard for a whole shell: who listens to which key, and the sheet that lists them.
 *
 *   const keys = new Keys({ workspace, labels, off: false, remap: {} });
 *   const remove = keys.add({
 *     id: "play",                 // name for remapping
 *     context: "film",            // heading in the help sheet: labels["keys_" + context]
 *     keys: ["k", "space"],       // the first is shown; see below
 *     label: labels.key_play,     // what it does, translated
 *     run(event) {},              // return false to let the browser have the key
 *     release(event) {},          // optional, when the key comes up again
 *     inFields: false,            // also while typing (needed for mod+enter, escape)
 *     repeat: false,              // also for a held key's repeats
 *     when: () => true,           // optional
 *   });
 *   keys.help()                   // opens or closes the sheet; "?" does so too
 *   keys.destroy()
 *
 * Keys are written "k", "shift+arrowleft", "mod+z" (Ctrl or Command), "alt+arrowup", "space",
 * "enter", "escape", "pagedown", "1", "[". A printed sign is matched by what it prints, so "?"
 * and "[" work on any keyboard; shift+digit is matched by the digit's place.
 *
 * Single keys are heard only while focus is in the workspace or nowhere, and never in a field
 * (WCAG 2.1.4); `off` silences them all, `remap` {id: keys} replaces them. A button that has the
 * focus keeps Space and Enter. The newest binding for a key wins.
 */

import { el, replace } from "./dom.js";
import { icon } from "./icons.js";

const FIELDS = new Set(["INPUT", "TEXTAREA", "SELECT"]);
const NOT_TEXT = new Set(["button", "checkbox", "radio", "range", "submit", "file"]);
const PRESSABLE = new Set(["BUTTON", "A", "SUMMARY"]);

export class Keys {
  #bindings = [];
  #held = new Map();
  #abort = new AbortController();
  #workspace;
  #labels;
  #off;
  #remap;
  #sheet = null;

  constructor({ workspace, labels, off = false, remap = {} }) {
    this.#workspace = workspace;
    this.#labels = labels;
    this.#off = off;
    this.#remap = remap;
    const options = { signal: this.#abort.signal };
    document.addEventListener("keydown", (event) => this.#down(event), options);
    document.addEventListener("keyup", (event) => this.#up(event), options);
    this.add({ id: "help", context: "everywhere", keys: ["?"], label: labels.key_help, run: () => this.help() });
  }

  add(binding) {
    const bound = { ...binding, keys: this.#remap[binding.id] ?? binding.keys };
    this.#bindings.push(bound);
    return () => {
      this.#bindings = this.#bindings.filter((other) => other !== bound);
    };
  }

  help() {
    if (this.#sheet) {
      this.#sheet.close();
      return;
    }
    const close = el("button", { type: "button", class: "btn sm", on: { click: () => this.#sheet?.close() } }, icon("close"), this.#labels.close);
    const title = el("h2", { id: "keys-title", text: this.#labels.keys_title });
    const sheet = el("dialog", { class: "keysheet", "aria-labelledby": "keys-title" }, el("div", { class: "hstack" }, el("div", { class: "grow" }, title), close), el("div", { class: "keygroups" }));
    sheet.addEventListener("close", () => {
      sheet.remove();
      this.#sheet = null;
    });
    replace(sheet.lastChild, this.#groups());
    this.#workspace.append(sheet);
    this.#sheet = sheet;
    sheet.showModal();
  }

  destroy() {
    this.#abort.abort();
    this.#sheet?.remove();
    this.#bindings = [];
  }

  #groups() {
    const newest = new Map(this.#bindings.filter((binding) => !binding.when).flatMap((binding) => binding.keys.map((key) => [key, binding])));
    const heard = this.#bindings.filter((binding) => binding.label && (binding.when || binding.keys.some((key) => !newest.has(key) || newest.get(key) === binding)));
    const contexts = [...new Set(heard.map((binding) => binding.context))];
    return contexts.map((context) =>
      el(
        "section",
        {},
        el("h3", { text: this.#labels[`keys_${context}`] ?? "" }),
        el(
          "dl",
          {},
          heard
            .filter((binding) => binding.context === context)
            .map((binding) => el("div", {}, el("dt", {}, binding.keys.map((key) => el("kbd", { text: keyName(key, this.#labels) }))), el("dd", { text: binding.label }))),
        ),
      ),
    );
  }

  #down(event) {
    if (event.isComposing || event.defaultPrevented) return;
    const found = this.#find(event);
    if (!found) return;
    if (event.repeat && !found.repeat) {
      event.preventDefault();
      return;
    }
    if (found.run(event) === false) return;
    if (found.release) this.#held.set(event.code, found);
    event.preventDefault();
    event.stopPropagation();
  }

  #up(event) {
    const held = this.#held.get(event.code);
    this.#held.delete(event.code);
    held?.release(event);
  }

  #find(event) {
    const path = event.composedPath();
    const typing = isField(path[0]);
    const elsewhere = path[0] !== document.body && path[0] !== document.documentElement && !path.includes(this.#workspace);
    const modal = path.some((node) => node.tagName === "DIALOG" && node.open);
    const names = namesOf(event);
    for (const binding of [...this.#bindings].reverse()) {
      const name = names.find((candidate) => binding.keys.includes(candidate));
      if (!name || (binding.when && !binding.when())) continue;
      if (modal && binding.id !== "help") continue;
      if (elsewhere || (typing && !binding.inFields)) continue;
      if (this.#off && !name.startsWith("mod+") && !name.startsWith("alt+") && name.length === 1 && name !== "?") continue;
      if ((name === "space" || name === "enter") && PRESSABLE.has(path[0].tagName)) continue;
      return binding;
    }
    return null;
  }
}

/** Say whether an element takes typed text. */
export function isField(node) {
  if (!node?.tagName) return false;
  if (node.isContentEditable) return true;
  return FIELDS.has(node.tagName) && !NOT_TEXT.has(node.type);
}

function namesOf(event) {
  const altGraph = event.getModifierState?.("AltGraph");
  const key = event.key === " " ? "space" : event.key.toLowerCase();
  const printed = event.key.length === 1 && event.key !== " ";
  const letter = printed && key !== event.key.toUpperCase();
  const mod = (event.ctrlKey || event.metaKey) && !altGraph ? "mod+" : "";
  const alt = event.altKey && !altGraph ? "alt+" : "";
  const shift = event.shiftKey && (!printed || letter) ? "shift+" : "";
  const names = [mod + alt + shift + key];
  if (event.shiftKey && event.code.startsWith("Digit")) names.push(`${mod}${alt}shift+${event.code.slice(5)}`);
  return names;
}

function keyName(key, labels) {
  const signs = { arrowleft: "←", arrowright: "→", arrowup: "↑", arrowdown: "↓", mod: "Ctrl", shift: "⇧", alt: "Alt", enter: "⏎", delete: "Del", escape: "Esc", pagedown: "PgDn", pageup: "PgUp" };
  if (key.length === 1) return key.toUpperCase(); // "+" itself too
  return key
    .split("+")
    .map((part) => (part === "space" ? labels.key_space : (signs[part] ?? part.toUpperCase())))
    .join(" ");
}
