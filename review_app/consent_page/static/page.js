// What only a script can do. Without it the page is whole: these buttons then do not show.

const aloud = document.getElementById("aloud");
const leave = document.getElementById("leave");
const print = document.getElementById("print");

/** A voice that speaks on this device: nothing of the page goes anywhere. */
function ownVoice() {
  const language = document.documentElement.lang;
  return speechSynthesis.getVoices().find(
    (voice) => voice.localService && voice.lang.toLowerCase().startsWith(language),
  );
}

function parts() {
  const text = document.getElementById("text");
  return [...text.querySelectorAll("h1, h2, p, li:not(:has(h2)), dt, dd, .tag, main .button")]
    .filter((part) => part.checkVisibility() && !part.parentElement.closest("li:not(:has(h2))"))
    .map((part) => part.innerText.trim())
    .filter(Boolean);
}

function toggleReading() {
  const label = aloud.querySelector("span");
  if (aloud.getAttribute("aria-pressed") === "true") {
    speechSynthesis.cancel();
    return;
  }
  const start = label.textContent;
  const all = parts();
  const ended = () => {
    aloud.setAttribute("aria-pressed", "false");
    label.textContent = start;
  };
  aloud.setAttribute("aria-pressed", "true");
  label.textContent = aloud.dataset.stop;
  all.forEach((text, index) => {
    const said = new SpeechSynthesisUtterance(text);
    said.voice = ownVoice();
    said.lang = document.documentElement.lang;
    said.onerror = ended;
    if (index === all.length - 1) said.onend = ended;
    speechSynthesis.speak(said);
  });
}

if ("speechSynthesis" in window) {
  const show = () => { aloud.hidden = !ownVoice(); };
  show();
  speechSynthesis.addEventListener("voiceschanged", show);
  aloud.addEventListener("click", toggleReading);
  window.addEventListener("pagehide", () => speechSynthesis.cancel());
}

// The blank page takes this one's place in the history.
leave.addEventListener("click", (event) => {
  event.preventDefault();
  location.replace(leave.href);
});

if (print) {
  print.hidden = false;
  print.addEventListener("click", () => window.print());
}
