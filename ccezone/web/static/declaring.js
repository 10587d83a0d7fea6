// Comforts of the declaring form: keys for lines, focus on new lines, nothing lost when the session or the connection is.
"use strict";

const declaration = () => document.getElementById("declaration");
const kept = () => "declaration-" + declaration().dataset.draft;

const CONTROLS = ["csrf_token", "for_firm", "do"];
const answers = () => [...declaration().elements].filter((field) => field.name && !CONTROLS.includes(field.name) && !field.name.startsWith("q_"));

// What stands here, with the version it was drawn from: whoever comes back with it is told when somebody saved meanwhile.
const stash = () => {
  const values = Object.fromEntries(answers().map((field) => [field.name, field.value]));
  sessionStorage.setItem(kept(), JSON.stringify(values));
};

const restore = (values) => {
  const form = declaration(), fields = new Map(answers().map((field) => [field.name, field]));
  Object.entries(values).forEach(([name, value]) => {
    const gone = Object.assign(document.createElement("input"), { type: "hidden", name });
    if (!fields.has(name)) form.append(gone);
    (fields.get(name) ?? gone).value = value;
  });
  form.dispatchEvent(new Event("change"));
};

const note = (name, shown) => { const found = document.getElementById(name); if (found) found.hidden = !shown; };
const ofDraft = (event) => declaration() && event.detail.requestConfig.path.includes(declaration().dataset.draft);
let leaving = false, found = false, sending = 0, waiting = null;

// The session is over, or its token: keep what stands here in this tab, sign in or load again, and fill it in again.
document.addEventListener("htmx:beforeOnLoad", (event) => {
  if (!ofDraft(event)) return;
  const over = event.detail.xhr.status === 401;
  if (!over && (event.detail.xhr.status !== 400 || found)) return;
  event.preventDefault();
  waiting = null;
  stash();
  window.location.assign(over ? "/sign-in?next=" + encodeURIComponent(window.location.pathname) : window.location.pathname);
});

// A form sent as a whole may meet a session that is over: what it says is kept until a page tells that it was saved.
document.addEventListener("submit", (event) => {
  if (event.target !== declaration() || event.defaultPrevented) return;
  if (sending) {
    event.preventDefault();
    waiting = event.submitter;
    return;
  }
  leaving = true;
  stash();
});
// A save on its way gives the draft a new version: the form waits for it, or it would be told that somebody saved meanwhile.
document.addEventListener("htmx:beforeRequest", (event) => { if (leaving && ofDraft(event)) event.preventDefault(); });
document.addEventListener("htmx:beforeSend", (event) => { if (ofDraft(event)) sending += 1; });
document.addEventListener("htmx:afterRequest", (event) => {
  if (!ofDraft(event)) return;
  sending = Math.max(0, sending - 1);
  if (sending || !waiting) return;
  const submitter = waiting;
  waiting = null;
  declaration()?.requestSubmit(submitter.isConnected ? submitter : undefined);
});
// Gone back to, a page would go on with the version it left with.
window.addEventListener("pageshow", (event) => { if (event.persisted && declaration()) window.location.reload(); });

document.addEventListener("DOMContentLoaded", () => {
  const saved = document.querySelector("meta[name=kept-draft]");
  if (saved) sessionStorage.removeItem("declaration-" + saved.content);
  const form = declaration();
  if (!form) return;
  const before = sessionStorage.getItem(kept());
  if (before) {
    found = true;
    restore(JSON.parse(before));
  }
  if (form.dataset.focus === "line") lastLine()?.focus();
});

document.addEventListener("htmx:afterSwap", (event) => {
  if (event.detail.target.id !== "watch-content" || leaving) return;
  note("unsaved", false);
  if (document.getElementById("diverged")) return;
  sessionStorage.removeItem(kept());
  if (found) note("recovered", true);
  found = false;
});

document.addEventListener("htmx:responseError", (event) => {
  if (ofDraft(event) && event.detail.xhr.status !== 401) note("unsaved", true);
});

const lastLine = () => [...document.querySelectorAll("fieldset.line")].at(-1)?.querySelector("input:not([readonly])");

document.addEventListener("htmx:afterSettle", (event) => {
  const asked = event.detail.requestConfig?.triggeringEvent?.submitter ?? event.detail.requestConfig?.elt;
  const wanted = asked?.value ?? "";
  if (/^(add_line|copy_line|take_product)/.test(wanted)) lastLine()?.focus();
  if (wanted.startsWith("remove_line")) document.getElementById("lines")?.focus();
});

document.addEventListener("htmx:sendError", () => {
  if (!declaration()) return;
  note("offline", true);
  setTimeout(() => declaration()?.dispatchEvent(new Event("change")), 3000);
});
document.addEventListener("htmx:afterOnLoad", () => note("offline", false));

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
