// Why the machine points at something, in words. The machine tells a cue's id; the cue's own words
// stay in the transcript, one click away.

/** Return the reason of a keyword, phase or suggestion in the reader's language, or "". */
export function reasonOf({ reason }, labels) {
  if (!reason) return "";
  if (reason.includes(" ")) return reason; // told in words already
  const [kind] = Object.keys(labels).filter((name) => name.startsWith("reason_") && reason.includes(name.slice(7)));
  return labels[kind] ?? labels.reason_cue;
}
