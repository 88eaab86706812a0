// Who and what a draft has to do with: those who write along, other agencies, what it goes back to, other drafts.
import { get, post } from "onnara/editor/exchange.js";
import { pickedList } from "onnara/editor/picked.js";
import { element } from "onnara/editor/picker.js";

const at = (id) => document.getElementById(id);
const person = (each) => [element("b", each.name), ` ${each.position} `, element("span", each.department, "soft")];
const unit = (each) => [element("b", each.name), " ", element("span", each.code, "soft")];

// save(): stores the draft and answers whether it is stored; the list of those who write along is kept beside it at once.
export function coDrafters({ state, words, save, show }) {
  if (!at("co-drafter")) return;
  const rows = state.coDrafters;
  const said = () => document.querySelectorAll("[data-shared]").forEach((part) => { part.hidden = (part.dataset.shared === "yes") !== rows.length > 0; });
  const list = pickedList(at("co-drafters"), at("co-drafter"), {
    rows, words,
    search: async (text) => (await get("/lookup/people", { q: text })).filter((each) => each.id !== state.officialId),
    show: person,
    make: ({ id, name, position, department }) => ({ id, name, position, department }),
    label: (row) => `${row.name} ${row.position}`,
    same: (a, b) => a.id === b.id,
    async changed(row, isAdded) {
      said();
      try {
        if (!(await save(true))) throw new Error();
        await post(`/drafts/${state.documentId}/co-drafters`, { officials: rows.map((each) => each.id) });
      } catch (error) {
        // The list shows who can write, not who was meant to.
        if (isAdded) rows.splice(rows.indexOf(row), 1);
        else rows.push(row);
        list.draw();
        said();
        if (error.problems) show(error.problems);
      }
    },
  });
}

// line: the line editor, which gets who decides for each agency. ids(): the agencies' stable ids, as far as they are known yet.
export function jointAgencies({ content, words, line, live, changed, show }) {
  content.jointAgencies = content.jointAgencies || [];
  const ids = new Map();
  async function heads(row, agencyId) {
    const found = await get("/lookup/heads", { agency: agencyId });
    if (found.length) { line.addJoint(agencyId, found); live.textContent = words.joint.replace("{agency}", row.name); }
    else show([{ text: words.noHead.replace("{agency}", row.name) }]);
  }
  pickedList(at("joints"), at("joint"), {
    rows: content.jointAgencies, words,
    search: async (text) => (await get("/lookup/units", { q: text })).filter((each) => each.agency && each.here),
    show: unit,
    make: ({ code, name }) => ({ code, name }),
    label: (row) => row.name,
    same: (a, b) => a.code === b.code,
    changed(row, isAdded, found) {
      if (isAdded) { ids.set(row.code, found.agencyId); heads(row, found.agencyId); }
      else line.removeAgency(ids.get(row.code));
      changed();
    },
  });
  const ready = Promise.all(content.jointAgencies.map(async (row) => {
    const [found] = (await get("/lookup/units", { q: row.code })).filter((each) => each.code === row.code);
    if (!found) return;
    ids.set(row.code, found.agencyId);
    await heads(row, found.agencyId);
  }));
  return {
    ready,
    ids: () => content.jointAgencies.map((row) => ids.get(row.code)).filter(Boolean),
    // A text that names agencies by their ids, with their names.
    named: (text) => content.jointAgencies.reduce((made, row) => (ids.get(row.code) ? made.replaceAll(ids.get(row.code), row.name) : made), text),
  };
}

const PRODUCED = 3;
const RECEIVED = 4;
// What a draft goes back to (문서취지·출처): documents by search; orders, instructions and memos written down.
export function sources({ content, words, changed }) {
  content.sources = content.sources || [];
  const list = pickedList(at("sources"), at("source"), {
    rows: content.sources, words, changed,
    search: (text) => get("/lookup/documents", { q: text }),
    show: (each) => [element("b", each.title), " ", element("span", each.number, "soft")],
    make: ({ id, title, received }) => ({ id, title, kind: received ? RECEIVED : PRODUCED }),
    label: (row) => `${words.sources[row.kind] || ""} · ${row.title}`,
    same: (a, b) => a.id === b.id && a.title === b.title && a.kind === b.kind,
  });
  const title = at("source-title");
  const add = () => {
    if (!title.value.trim()) { title.focus(); return; }
    content.sources.push({ kind: Number(at("source-kind").value), title: title.value.trim() });
    title.value = "";
    list.draw();
    changed();
    title.focus();
  };
  at("source-add").addEventListener("click", add);
  title.addEventListener("keydown", (event) => { if (event.key === "Enter" && !event.isComposing) { event.preventDefault(); add(); } });
}

// Other drafts of the writer that one line decides on together with this one (일괄기안), in the order they are ticked.
export function batch({ state }) {
  const part = at("batch");
  const ticked = new Map();
  const count = () => { at("batch-count").textContent = ticked.size ? String(ticked.size) : ""; };
  function row(each) {
    const line = element("li", undefined, "other-row");
    const check = element("span", undefined, "krds-form-check medium");
    const box = document.createElement("input");
    box.type = "checkbox";
    box.id = `other-${each.id}`;
    box.checked = ticked.has(each.id);
    box.addEventListener("change", () => {
      if (box.checked) ticked.set(each.id, each.title);
      else ticked.delete(each.id);
      count();
    });
    const label = element("label", each.title);
    label.htmlFor = box.id;
    check.append(box, label);
    const open = element("a", "↗");
    open.href = `/drafts/${each.id}`;
    open.target = "_blank";
    open.rel = "noopener";
    open.setAttribute("aria-label", `${each.title} ↗`);
    line.append(check, open);
    return line;
  }
  async function look() {
    if (!part.open) return;
    const rows = await get("/drafts/others", { without: state.documentId });
    for (const id of [...ticked.keys()]) if (!rows.some((each) => each.id === id)) ticked.delete(id);
    at("others").replaceChildren(...rows.map(row));
    at("others-none").hidden = rows.length > 0;
    count();
  }
  part?.addEventListener("toggle", look);
  // Another draft may have been written in a window beside this one.
  window.addEventListener("focus", () => { if (part) look(); });
  return { ids: () => [...ticked.keys()], titles: () => [...ticked.values()] };
}
