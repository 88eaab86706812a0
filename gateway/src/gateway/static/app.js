// Behaviour the pages add to plain HTML: refreshing, ticking, keys. Everything also works without it.
"use strict";

(function () {
  const body = document.body;
  const all = (selector, root) => Array.from((root || document).querySelectorAll(selector));

  // --- counts that come by themselves: one stream while the page is looked at ---
  const shownAtFirst = (document.querySelector('[data-box="pending"]') || { dataset: {} }).dataset.count;
  let stream = null;
  function told(event) {
    const counts = JSON.parse(event.data);
    all("[data-live]", document.querySelector("#menu")?.parentElement || document).forEach((place) => {
      const count = counts[place.dataset.live];
      if (count === undefined) return;
      place.textContent = count === null ? "–" : count.toLocaleString(document.documentElement.lang);
      if (place.classList.contains("count")) {
        place.classList.toggle("lead", place.dataset.live === "pending" && count > 0);
        place.classList.toggle("alarm", place.dataset.live === "trouble" && count > 0);
      }
    });
    const newer = document.getElementById("newer");
    if (newer && shownAtFirst && counts.pending !== null && String(counts.pending) !== shownAtFirst) newer.hidden = false;
    body.dispatchEvent(new CustomEvent("onnara:refresh"));
  }
  function listen() {
    if (document.visibilityState !== "visible") { stream?.close(); stream = null; return; }
    if (stream || !("live" in body.dataset)) return;
    stream = new EventSource("/live");
    stream.addEventListener("counts", told);
    stream.addEventListener("ended", () => stream.close());
  }
  document.addEventListener("visibilitychange", listen);
  listen();
  body.addEventListener("htmx:afterSettle", function () {
    const job = document.querySelector("#job[data-finished]");
    if (job && !job.dataset.told) {
      job.dataset.told = "1";
      body.dispatchEvent(new CustomEvent("onnara:refresh"));
    }
  });

  // --- the menu on a narrow screen: closed until asked for; without scripts it stays open ---
  const toggle = document.querySelector("[data-menu-toggle]");
  if (toggle) {
    const say = (open) => toggle.setAttribute("aria-expanded", String(open));
    say(window.matchMedia("(min-width: 1024px)").matches);
    window.matchMedia("(min-width: 1024px)").addEventListener("change", (event) => say(event.matches));
    toggle.addEventListener("click", () => say(toggle.getAttribute("aria-expanded") === "false"));
  }

  // --- ticking ---
  function ticks() {
    const boxes = all("[data-tick]");
    const ticked = boxes.filter((box) => box.checked).length;
    all("[data-ticked-count]").forEach((place) => { place.textContent = String(ticked); });
    all("[data-needs-ticks]").forEach((button) => { button.disabled = ticked === 0; });
    const whole = document.querySelector("[data-tick-all]");
    if (whole) {
      whole.checked = ticked > 0 && ticked === boxes.length;
      whole.indeterminate = ticked > 0 && ticked < boxes.length;
    }
    boxes.forEach((box) => box.closest("[data-row]")?.classList.toggle("ticked-row", box.checked));
  }
  document.addEventListener("change", function (event) {
    if (event.target.matches("[data-tick-all]")) {
      all("[data-tick]").forEach((box) => { box.checked = event.target.checked; });
    }
    if (event.target.matches("[data-tick], [data-tick-all]")) ticks();
  });
  ticks();

  // --- an opinion is needed for a return; a form is sent once ---
  document.addEventListener("submit", function (event) {
    const form = event.target;
    const button = event.submitter;
    const opinion = form.querySelector("[data-opinion]");
    if (button && button.hasAttribute("data-needs-opinion") && opinion && opinion.value.trim() === "") {
      event.preventDefault();
      all("[data-opinion-missing]", form).forEach((place) => { place.hidden = false; });
      opinion.setAttribute("aria-invalid", "true");
      opinion.focus();
      return;
    }
    if (form.dataset.sent) { event.preventDefault(); return; }
    if (form.method === "post") {
      form.dataset.sent = "1";
      if (button) button.classList.add("is-sending");
      setTimeout(() => { delete form.dataset.sent; if (button) button.classList.remove("is-sending"); }, 8000);
    }
  });
  window.addEventListener("pageshow", () => all("form[data-sent]").forEach((form) => { delete form.dataset.sent; }));

  // --- printing, dialogs ---
  document.addEventListener("click", function (event) {
    if (event.target.closest("[data-print]")) window.print();
    const opener = event.target.closest("[data-open]");
    if (opener) document.getElementById(opener.dataset.open).showModal();
  });

  // --- keys: j k x o ? ; none while writing ---
  const rows = () => all("[data-list] [data-row]");
  const current = () => rows().findIndex((row) => row.contains(document.activeElement));
  function go(step) {
    const list = rows();
    if (list.length === 0) return;
    const next = Math.min(list.length - 1, Math.max(0, current() + step));
    const target = list[next].querySelector("[data-open-row]") || list[next].querySelector("a, input");
    if (target) { target.focus(); list[next].scrollIntoView({ block: "nearest" }); }
  }
  document.addEventListener("keydown", function (event) {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    if (event.target.matches("textarea, select, input:not([type=checkbox])")) return;
    if (event.key === "j") go(1);
    else if (event.key === "k") go(current() < 0 ? 0 : -1);
    else if (event.key === "x") {
      const row = rows()[current()];
      const box = row && row.querySelector("[data-tick]");
      if (box) { box.checked = !box.checked; ticks(); }
    } else if (event.key === "o") {
      const opinion = document.querySelector("[data-opinion]");
      if (opinion) { event.preventDefault(); opinion.focus(); }
    } else if (event.key === "?") document.getElementById("keys")?.showModal();
  });

  // --- bytes beside fields: pointing at one lights up the other ---
  function light(name, on) {
    if (name !== undefined) all('[data-field="' + CSS.escape(name) + '"]').forEach((place) => place.classList.toggle("lit", on));
  }
  for (const [start, end] of [["mouseover", "mouseout"], ["focusin", "focusout"]]) {
    document.addEventListener(start, (event) => light(event.target.closest?.("[data-field]")?.dataset.field, true));
    document.addEventListener(end, (event) => light(event.target.closest?.("[data-field]")?.dataset.field, false));
  }
})();
