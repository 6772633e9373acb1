// What a camera or a recorder leaves in a folder: which files are film or sound, and in what order
// they were made. Names are read here and go nowhere. No page, no server.

const SOUND = /\.(wav|mp3|m4a|aac|flac|ogg|opus|wma)$/i;
const FILM = /\.(mp4|mov|m4v|mts|m2ts|avi|mkv|webm|3gp|mpg|mpeg|wmv)$/i;
// Small copies, previews, clip data and what computers hide beside them.
const BESIDE = /(^\.|\.(thm|lrv|lrf|glv|xml|cpi|bdm|mpl|modd|moff|bim|ini|db|txt|jpe?g|png|srt|gis)$)/i;
// GoPro numbers the film last and its chapter first: GX010042, GX020042; older: GOPR0042, GP010042.
const CHAPTERED = /^G(?:[HXLS](\d\d)|OPR|P(\d\d))(\d{4})\./i;

/** Return "camera", "sound" or null for something that is neither film nor sound. */
export function kindOf(file) {
  if (BESIDE.test(file.name)) return null;
  if (file.type.startsWith("video/") || FILM.test(file.name)) return "camera";
  if (file.type.startsWith("audio/") || SOUND.test(file.name)) return "sound";
  return null;
}

/** Say whether a camera or a computer left this beside a film, so that nobody need be told. */
export function isBeside(file) {
  return BESIDE.test(file.name);
}

/** Return files as they follow each other: films first, then sound. */
export function inOrder(files) {
  return [...files].sort((a, b) => kindOf(a).localeCompare(kindOf(b)) || compare(a, b));
}

/** Return the places after which a number is missing in the camera's own count. */
export function gapsIn(files) {
  return files.slice(1).flatMap((file, place) => {
    const [before, after] = [countOf(files[place]), countOf(file)];
    return before && after && before.series === after.series && after.number > before.number + 1 ? [place] : [];
  });
}

function compare(a, b) {
  const [one, other] = [countOf(a), countOf(b)];
  if (one && other && one.series === other.series) return one.number - other.number;
  return a.lastModified - b.lastModified || a.name.localeCompare(b.name, "en", { numeric: true });
}

function countOf({ name }) {
  const chapter = CHAPTERED.exec(name);
  if (chapter) return { series: `chapters of ${chapter[3]}`, number: Number(chapter[1] ?? chapter[2] ?? 0) };
  const last = /^(.*?)(\d{1,6})(\D*)$/.exec(name);
  return last && { series: `${last[1]}#${last[3]}`.toLowerCase(), number: Number(last[2]) };
}

/** Return the files of a drop, those in folders too. */
export async function filesOf(transfer) {
  const entries = [...transfer.items].map((item) => item.webkitGetAsEntry?.()).filter(Boolean);
  if (!entries.length) return [...transfer.files];
  const found = await Promise.all(entries.map(filesIn));
  return found.flat();
}

async function filesIn(entry) {
  if (entry.isFile) return [await new Promise((resolve, reject) => entry.file(resolve, reject))];
  const reader = entry.createReader();
  const within = [];
  for (;;) {
    // A folder is told of a hundred entries at a time.
    const some = await new Promise((resolve, reject) => reader.readEntries(resolve, reject));
    if (!some.length) break;
    within.push(...some);
  }
  const found = await Promise.all(within.map(filesIn));
  return found.flat();
}
