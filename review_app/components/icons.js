/**
 * The signs of the interface, drawn on a 24 by 24 grid with a 1.8 stroke. No words, no state.
 *
 *   icon(name)                 an <svg aria-hidden="true" class="i">; words stand beside it
 *   kindIcon(kind)             the sign of a sequence's kind: strength, open_question, work_point
 *   ICONS                      every name
 *
 * A filled sign has "f" in front of its first path. The colour is the text's.
 */

const SVG = "http://www.w3.org/2000/svg";

const PATHS = {
  add: ["M12 5v14", "M5 12h14"],
  agreement: ["M4.5 6.5h11", "M4.5 12h7", "M4.5 17.500h5", "m13 16 2.8 2.800L20.5 13"],
  archive: ["M4 4.500h16v4H4z", "M5.5 8.500v11h13v-11", "M10 12.500h4"],
  arrow_down: ["M12 5v14", "m6-6-6 6-6-6"],
  arrow_left: ["M19 12H5.5", "m11 6-6 6 6 6"],
  arrow_right: ["M5 12h13.5", "m13 6 6 6-6 6"],
  arrow_down: ["M12 5v13.5", "m6 13 6 6 6-6"],
  arrow_up: ["M12 19V5.5", "m6 11 6-6 6 6"],
  back: ["m11.5 5.5-6.5 6.5 6.5 6.5", "m19 5.5-6.5 6.5 6.5 6.5"],
  calendar: ["M4.5 6h15v14h-15z", "M4.5 10.500h15", "M8.5 3.500V7", "M15.5 3.500V7"],
  camera: ["M3.5 7h11v10h-11z", "m14.5 11 6-3v8l-6-3"],
  captions: ["M3.5 6h17v12h-17z", "M7 14.500h5", "M14.5 14.500H17", "M7 11h3", "M12.5 11H17"],
  captions_off: ["M6.5 6h14v12h-2", "M14 18H3.5V6", "m3 3 18 18", "M7 14.5h4"],
  check: ["m5 12.5 4.5 4.500L19 7"],
  chevron_down: ["m6 9.5 6 6 6-6"],
  chevron_right: ["m9.5 6 6 6-6 6"],
  clock: ["M12 3.500a8.5 8.5 0 1 0 .01 0", "M12 7.500V12l3 2"],
  close: ["m6 6 12 12", "M18 6 6 18"],
  drag: ["M9 5.500v.01", "M15 5.500v.01", "M9 12v.01", "M15 12v.01", "M9 18.500v.01", "M15 18.500v.01"],
  edit: ["m4.5 19.5 1-4.200L16.2 4.600l3.2 3.200L8.7 18.500z", "m14 6.8 3.2 3.2"],
  erase: ["M4.5 7h15", "M9 7V4.500h6V7", "m6.5 7 .9 12.500h9.200L17.5 7", "M10.5 11v5", "M13.5 11v5"],
  eye: ["M2.5 12c2.3-4 5.5-6 9.5-6s7.2 2 9.5 6c-2.3 4-5.5 6-9.5 6s-7.2-2-9.5-6z", "M12 9.300a2.7 2.7 0 1 0 .01 0"],
  eye_off: ["m4 4 16 16", "M9 6.500c1-.3 2-.5 3-.5 4 0 7.2 2 9.5 6-.8 1.4-1.7 2.6-2.8 3.5", "M6 8C4.6 9 3.5 10.3 2.5 12c2.3 4 5.5 6 9.5 6 1.4 0 2.7-.2 3.9-.7"],
  forward: ["m12.5 5.5 6.5 6.5-6.5 6.5", "m5 5.5 6.5 6.500L5 18.5"],
  full: ["M4.5 9V4.500H9", "M15 4.500h4.500V9", "M19.5 15v4.500H15", "M9 19.500H4.500V15"],
  goal: ["M12 3.500a8.5 8.5 0 1 0 .01 0", "M12 7.500a4.5 4.5 0 1 0 .01 0", "M12 11.800v.01"],
  hand: ["M8.2 13V6.700a1.5 1.5 0 0 1 3 0V11", "M11.2 11V4.800a1.5 1.5 0 0 1 3 0V11", "M14.2 11V6.500a1.5 1.5 0 0 1 3 0v7.700c0 3.8-2.3 6.3-5.7 6.3-2.6 0-4.3-1.3-5.5-3.500l-2-3.700c-.6-1.2.9-2.3 2-1.200L8.2 14"],
  info: ["M12 3.500a8.5 8.5 0 1 0 .01 0", "M12 11v5.5", "M12 7.800v.01"],
  keyboard: ["M3 6.500h18v11H3z", "M6.5 10v.01", "M10 10v.01", "M14 10v.01", "M17.5 10v.01", "M8 14h8"],
  list: ["M9 6.500h11", "M9 12h11", "M9 17.500h11", "M4.8 6.500v.01", "M4.8 12v.01", "M4.8 17.500v.01"],
  lock: ["M5.5 11h13v9h-13z", "M8.5 11V8a3.5 3.5 0 0 1 7 0v3"],
  loop: ["M5 11.500a5.5 5.5 0 0 1 5.5-5.500H19", "m16 3 3 3-3 3", "M19 12.500a5.5 5.5 0 0 1-5.5 5.500H5", "m8 15-3 3 3 3"],
  mark: ["M6.5 20V4.500h11L14.5 9l3 4.500h-11"],
  minus: ["M5 12h14"],
  note: ["M5 4.500h14v10L13.5 20H5z", "M13.5 20v-5.500H19", "M8.5 9h7"],
  open_question: ["M8 9a4 4 0 1 1 6.2 3.300c-1.5 1-2.2 1.8-2.2 3.2", "M12 19.300v.01"],
  paper: ["M6 3.500h8l4 4v13H6z", "M14 3.500v4h4", "M9 12h6", "M9 16h6"],
  pause: ["f", "M6.5 5h3.800v14H6.500z", "M13.7 5h3.800v14h-3.800z"],
  people: ["M9 5a3 3 0 1 0 .01 0", "M3.5 19c0-3.4 2.3-5.8 5.5-5.800s5.5 2.4 5.5 5.8", "M15.5 5.300a3 3 0 0 1 0 5.4", "M17 13.600c2.1.7 3.5 2.7 3.5 5.4"],
  play: ["f", "M7.5 5v14L19 12z"],
  point: ["M12 3.500a8.5 8.5 0 1 0 .01 0", "M12 9a3 3 0 1 0 .01 0"],
  print: ["M7 9V4h10v5", "M7 16.500H4.500V9h15v7.500H17", "M7 14h10v6H7z"],
  redo: ["m15 5 4.5 4.500L15 14", "M19 9.500H10a5 5 0 0 0 0 10h3"],
  search: ["M10.5 4.500a6 6 0 1 0 .01 0", "m15 15 5 5"],
  send: ["M4 12 20 4.5 15 20l-3.5-6.500z", "m11.5 13.5 4-4"],
  shield: ["M12 3.500 5 6v6c0 4.200 2.8 7 7 8.500 4.200-1.500 7-4.300 7-8.500V6z"],
  snap: ["M6 4.500v7a6 6 0 0 0 12 0v-7", "M6 8.500h3v-4H6", "M15 8.500h3v-4h-3", "M9 8.500v3a3 3 0 0 0 6 0v-3"],
  sound: ["M4.5 9.500v5H8l4.5 4V5.500L8 9.500z", "M15.5 9.200a4 4 0 0 1 0 5.6", "M18.2 6.500a7.8 7.8 0 0 1 0 11"],
  sound_off: ["M4.5 9.500v5H8l4.5 4V5.500L8 9.500z", "m16 9.5 5 5", "m21 9.5-5 5"],
  strength: ["f", "M12 2.500c1 5.5 4 8.5 9.5 9.5-5.5 1-8.5 4-9.5 9.5-1-5.5-4-8.5-9.5-9.5 5.5-1 8.5-4 9.5-9.500z"],
  undo: ["M9 5 4.5 9.5 9 14", "M5 9.500h9a5 5 0 0 1 0 10h-3"],
  upload: ["M12 16V5", "m7 9.5 5-5 5 5", "M4.5 16v3.500h15V16"],
  warning: ["M12 4.5 3.3 19.500h17.400z", "M12 10.500v4", "M12 17v.01"],
  work_point: ["f", "M12 4 21.5 20h-19z"],
};

export const ICONS = Object.keys(PATHS);

export function icon(name) {
  const drawn = PATHS[name] ?? PATHS.info;
  const filled = drawn[0] === "f";
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  svg.setAttribute("focusable", "false");
  svg.setAttribute("class", filled ? "i f" : "i");
  for (const d of filled ? drawn.slice(1) : drawn) {
    const path = document.createElementNS(SVG, "path");
    path.setAttribute("d", d);
    svg.append(path);
  }
  return svg;
}

export function kindIcon(kind) {
  return icon(kind in PATHS ? kind : "mark");
}
