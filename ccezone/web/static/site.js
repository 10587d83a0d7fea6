// Comforts on top of pages that work without scripts: menus close, errors take focus, htmx carries the token.
"use strict";

const closeMenus = (except) => {
  document.querySelectorAll("details.drop[open]").forEach((menu) => {
    if (menu !== except) menu.removeAttribute("open");
  });
};

document.addEventListener("click", (event) => closeMenus(event.target.closest("details.drop")));

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  const open = document.querySelector("details.drop[open]");
  closeMenus(null);
  if (open) open.querySelector("summary").focus();
});

document.addEventListener("DOMContentLoaded", () => {
  const errors = document.getElementById("errors");
  if (errors) errors.focus();
});

document.addEventListener("htmx:configRequest", (event) => {
  event.detail.headers["X-CSRFToken"] = document.querySelector('meta[name="csrf-token"]').content;
  const firm = document.querySelector('meta[name="for-firm"]');
  if (firm) event.detail.headers["X-For-Firm"] = firm.content;
});

document.addEventListener("click", (event) => {
  const pick = event.target.closest("[data-fill]");
  if (!pick) return;
  const field = document.getElementById(pick.dataset.fill);
  field.value = pick.dataset.value;
  ["input", "change"].forEach((kind) => field.dispatchEvent(new Event(kind, { bubbles: true })));
  field.focus();
});
