/**
 * Elements and the forms of times and dates. No state, no fetching, no words.
 *
 *   el(tag, props, ...children)   an element; see below
 *   replace(node, ...children)    empty a node and fill it again
 *   rewrite(node, text)           its text, unless it is there already
 *   fill(label, {name: value})    put values into a translated label's {name} places
 *   clock(ms)                     12:41, 1:02:05          (a place in the film)
 *   span(ms)                      0:29                    (a length)
 *   clockFine(ms, lang)           12:41,23                (with hundredths)
 *   decimal(number, lang, places) 0,75
 *   initials(name)                "Birgitte Lund" -> BL
 *   givenName(name)               "Birgitte Lund" -> Birgitte
 *   hourMinute(date, lang)        10.00 (da, sv), 10:00 (en)
 *   longDate(date, lang)          tirsdag 24. november
 *
 * Props of el: class, text, on {event: handler}, data {name: value}, style {property: value};
 * value, checked, disabled, hidden and muted are set as properties; everything else is an
 * attribute, where true means present and null, undefined or false means absent. Attributes
 * named aria-* keep "false" as a value. Children may be nodes, strings, arrays or null.
 */

const PROPERTIES = new Set(["value", "checked", "disabled", "hidden", "muted", "htmlFor"]);

export function el(tag, props = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(props ?? {})) setProp(node, name, value);
  append(node, children);
  return node;
}

export function replace(node, ...children) {
  node.replaceChildren();
  append(node, children);
  return node;
}

/** Write a text that is written at every picture: the same again costs nothing. */
export function rewrite(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

export function fill(label, values = {}) {
  return (label ?? "").replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
}

export function clock(ms) {
  const seconds = Math.max(0, Math.floor((ms || 0) / 1000));
  const hours = Math.floor(seconds / 3600);
  const minutes = Math.floor(seconds / 60) % 60;
  const head = hours ? `${hours}:${two(minutes)}` : two(minutes);
  return `${head}:${two(seconds % 60)}`;
}

export function span(ms) {
  const seconds = Math.max(0, Math.round((ms || 0) / 1000));
  return `${Math.floor(seconds / 60)}:${two(seconds % 60)}`;
}

export function clockFine(ms, lang) {
  const hundredths = Math.floor(Math.max(0, ms || 0) / 10) % 100;
  return `${clock(ms)}${lang === "en" ? "." : ","}${two(hundredths)}`;
}

export function decimal(number, lang, places = 2) {
  return new Intl.NumberFormat(lang, { maximumFractionDigits: places }).format(number);
}

export function initials(name) {
  const parts = (name ?? "").split(/[\s.]+/).filter(Boolean);
  return [parts[0], parts.length > 1 ? parts.at(-1) : ""].map((p) => (p ?? "").charAt(0)).join("").toUpperCase();
}

export function givenName(name) {
  return (name ?? "").trim().split(/\s+/)[0] ?? "";
}

export function hourMinute(date, lang) {
  const text = new Intl.DateTimeFormat(lang, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" }).format(date);
  return lang === "en" ? text : text.replace(":", ".");
}

export function longDate(date, lang) {
  const style = { weekday: "long", day: "numeric", month: "long" };
  const parts = new Intl.DateTimeFormat(lang === "en" ? "en-GB" : lang, style).formatToParts(date);
  const of = (type) => parts.find((part) => part.type === type)?.value ?? "";
  return `${of("weekday")} ${of("day").replace(".", "")}${lang === "da" ? "." : ""} ${of("month")}`;
}

function setProp(node, name, value) {
  if (name === "on") {
    for (const [event, handler] of Object.entries(value)) node.addEventListener(event, handler);
  } else if (name === "style") {
    for (const [property, text] of Object.entries(value)) node.style.setProperty(property, text);
  } else if (name === "data") {
    for (const [key, text] of Object.entries(value)) if (text != null) node.dataset[key] = text;
  } else if (name === "text") {
    node.textContent = value ?? "";
  } else if (PROPERTIES.has(name)) {
    if (value != null) node[name] = value;
  } else if (name.startsWith("aria-")) {
    if (value != null) node.setAttribute(name, String(value));
  } else if (value != null && value !== false) {
    node.setAttribute(name, value === true ? "" : String(value));
  }
}

function append(node, children) {
  for (const child of children.flat(Infinity)) {
    if (child != null && child !== false) node.append(child);
  }
}

function two(number) {
  return String(number).padStart(2, "0");
}
