"""The rule by which Jellyfin's SyncPlay keeps films in step, as scripts for a page with a film.

A start is agreed for a moment; from half of MAX on after it, once in half of MAX, a film that is
MIN or more away plays for DURATION so much faster or slower that it has caught up, and one that is
MAX away jumps. Its switch for corrections is on, which it is not unless people turn it on, and its
clock is perfect: everyone is on one machine.

Source: jellyfin-web, src/plugins/syncPlay/core/PlaybackCore.js (defaults of its settings).
"""

from typing import Final

PREPARE: Final = """async (src) => {
  const video = (window.film = document.createElement("video"));
  Object.assign(video, { preload: "auto", src });
  document.body.append(video);
  await new Promise((ready) => video.addEventListener("canplaythrough", ready, { once: true }));
}"""
"""Takes the film's address."""

RUN: Final = """async ([placeS, startsAt]) => {
  const [MIN, MAX, DURATION, SLOWEST] = [60, 3000, 1000, 0.2];
  const now = () => performance.timeOrigin + performance.now();
  const after = (ms, run) => window.due.push(setTimeout(run, ms));
  window.due = [];
  let free = false;
  let looked = 0;
  const there = new Promise((ready) => film.addEventListener("seeked", ready, { once: true }));
  film.currentTime = placeS;
  await there;
  after(startsAt - now(), () => {
    film.play();
    after(MAX / 2, () => { free = true; });
  });
  film.ontimeupdate = () => {
    const behind = placeS * 1000 + (now() - startsAt) - film.currentTime * 1000;
    if (now() - looked < MAX / 2) return;
    looked = now();
    if (!free || Math.abs(behind) < MIN) return;
    free = false;
    if (Math.abs(behind) >= MAX) {
      film.currentTime += behind / 1000;
      after(MAX / 2, () => { free = true; });
      return;
    }
    const ms = behind <= -DURATION * SLOWEST ? -behind / (1 - SLOWEST) : DURATION;
    film.playbackRate = 1 + behind / ms;
    after(ms, () => {
      film.playbackRate = 1;
      free = true;
    });
  };
}"""
"""Takes where in the film to start, in s, and when, in ms since 1970."""

STOP: Final = """() => {
  film.ontimeupdate = null;
  window.due.forEach(clearTimeout);
  film.pause();
  film.playbackRate = 1;
}"""
