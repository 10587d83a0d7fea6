// Comforts of the declaring form: keys for lines, focus on new lines, nothing lost when the session or the connection is.
"use strict";

const declaration = () => document.getElementById("declaration");
const kept = () => "declaration-" + declaration().dataset.draft;

const answers = () => [...declaration().elements].filter((field) => field.name && !["csrf_token", "version", "base", "do"].includes(field.name) && !field.name.startsWith("q_"));

const stash = () => {
  const values = Object.fromEntries(answers().map((field) => [field.name, field.value]));
  sessionStorage.setItem(kept(), JSON.stringify(values));
};

// The session is over: keep what stands here in this tab, sign in, come back, fill it in again.
document.addEventListener("htmx:beforeOnLoad", (event) => {
  if (event.detail.xhr.status !== 401 || !declaration()) return;
  event.preventDefault();
  stash();
  window.location.assign("/sign-in?next=" + encodeURIComponent(window.location.pathname));
});

document.addEventListener("DOMContentLoaded", () => {
  const form = declaration();
  if (!form) return;
  const before = sessionStorage.getItem(kept());
  sessionStorage.removeItem(kept());
  if (before) {
    const values = JSON.parse(before);
    answers().forEach((field) => { if (field.name in values) field.value = values[field.name]; });
    document.getElementById("recovered").hidden = false;
    form.dispatchEvent(new Event("change"));
  }
  if (form.dataset.focus === "line") lastLine()?.focus();
});

const lastLine = () => [...document.querySelectorAll("fieldset.line")].at(-1)?.querySelector("input:not([readonly])");

document.addEventListener("htmx:afterSettle", (event) => {
  const asked = event.detail.requestConfig?.triggeringEvent?.submitter ?? event.detail.requestConfig?.elt;
  const wanted = asked?.value ?? "";
  if (/^(add_line|copy_line|take_product)/.test(wanted)) lastLine()?.focus();
  if (wanted.startsWith("remove_line")) document.getElementById("lines")?.focus();
});

const told = (offline) => { const note = document.getElementById("offline"); if (note) note.hidden = !offline; };
document.addEventListener("htmx:sendError", () => {
  if (!declaration()) return;
  told(true);
  setTimeout(() => declaration()?.dispatchEvent(new Event("change")), 3000);
});
document.addEventListener("htmx:afterOnLoad", () => told(false));

document.addEventListener("keydown", (event) => {
  const finds = event.target.dataset?.finds;
  if (event.key === "Enter" && finds) { event.preventDefault(); document.getElementById(finds).click(); return; }
  if (event.key === "Enter" && !event.ctrlKey && event.target.matches?.("#declaration input")) { event.preventDefault(); return; }
  const line = event.target.closest?.("fieldset.line");
  if (!line || !event.ctrlKey) return;
  const wanted = { Enter: "#add-line", d: `[value="copy_line:${line.dataset.line}"]`, Delete: `[value="remove_line:${line.dataset.line}"]` }[event.key];
  const button = wanted && document.querySelector(wanted);
  if (button) { event.preventDefault(); button.click(); }
});
