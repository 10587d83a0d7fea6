// Keeps #live fresh, as often as it says: not while somebody works in it, on a hidden tab, or once it is paused.
"use strict";

const pause = document.getElementById("pause");
const paused = () => pause?.getAttribute("aria-pressed") === "true";
if (pause) {
  pause.hidden = false;
  pause.addEventListener("click", () => pause.setAttribute("aria-pressed", String(!paused())));
}

const keep = () => {
  const live = document.getElementById("live");
  if (live && !paused() && !document.hidden && !live.contains(document.activeElement) && !live.querySelector("details[open]")) htmx.trigger(live, "fresh");
  setTimeout(keep, 1000 * Number(live?.dataset.live || 2));
};
setTimeout(keep, 2000);

const full = document.getElementById("full");
if (full && document.documentElement.requestFullscreen) {
  full.hidden = false;
  full.addEventListener("click", () => (document.fullscreenElement ? document.exitFullscreen() : document.documentElement.requestFullscreen()));
}
