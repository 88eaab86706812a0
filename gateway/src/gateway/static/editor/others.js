// Who and what a draft has to do with: those who write along, other agencies, documents it goes back to, other drafts.
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
  pickedList(at("co-drafters"), at("co-drafter"), {
    rows, words,
    search: (text) => get("/lookup/people", { q: text }),
    show: person,
    make: ({ id, name, position, department }) => ({ id, name, position, department }),
    label: (row) => `${row.name} ${row.position}`,
    same: (a, b) => a.id === b.id,
    async changed() {
      if (!(await save())) return;
      try { await post(`/drafts/${state.documentId}/co-drafters`, { officials: rows.map((row) => row.id) }); show([]); }
      catch (error) { show(error.problems || [{ text: String(error) }]); }
    },
  });
}

// line: the line editor, which gets the head of each agency. Answers the agencies' stable ids, as far as they are known yet.
export function jointAgencies({ content, words, line, live, changed, show }) {
  content.jointAgencies = content.jointAgencies || [];
  const ids = new Map();
  async function head(row, agencyId) {
    const [first] = await get("/lookup/heads", { agency: agencyId });
    if (first) { line.addJoint(agencyId, first); live.textContent = words.joint.replace("{agency}", row.name); }
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
      if (isAdded) { ids.set(row.code, found.agencyId); head(row, found.agencyId); }
      else line.removeAgency(ids.get(row.code));
      changed();
    },
  });
  const ready = Promise.all(content.jointAgencies.map(async (row) => {
    const [found] = (await get("/lookup/units", { q: row.code })).filter((each) => each.code === row.code);
    if (!found) return;
    ids.set(row.code, found.agencyId);
    await head(row, found.agencyId);
  }));
  return { ready, ids: () => content.jointAgencies.map((row) => ids.get(row.code)).filter(Boolean) };
}

const PRODUCED = 3;
const RECEIVED = 4;
export function sources({ content, words, changed }) {
  content.sources = content.sources || [];
  pickedList(at("sources"), at("source"), {
    rows: content.sources, words, changed,
    search: (text) => get("/lookup/documents", { q: text }),
    show: (each) => [element("b", each.title), " ", element("span", each.number, "soft")],
    make: ({ id, title, received }) => ({ id, title, kind: received ? RECEIVED : PRODUCED }),
    label: (row) => row.title,
    same: (a, b) => a.id === b.id && a.title === b.title,
  });
}

// Other drafts of the writer that one line decides on together with this one (일괄기안). Answers the ids of those ticked.
export function batch({ state, words }) {
  const part = at("batch");
  const ticked = () => Array.from(part?.querySelectorAll("input:checked") || []).map((box) => box.value);
  const count = () => { at("batch-count").textContent = ticked().length || ""; };
  part?.addEventListener("toggle", async () => {
    if (!part.open) return;
    const kept = new Set(ticked());
    const rows = await get("/drafts/others", { without: state.documentId });
    at("others").replaceChildren(...(rows.length ? rows : [null]).map((row) => {
      if (!row) return element("li", words.nobody, "soft");
      const line = element("li", undefined, "krds-form-check medium");
      const box = document.createElement("input");
      box.type = "checkbox";
      box.id = `other-${row.id}`;
      box.value = row.id;
      box.checked = kept.has(row.id);
      box.addEventListener("change", count);
      const label = element("label", row.title);
      label.htmlFor = box.id;
      line.append(box, label);
      return line;
    }));
  });
  return ticked;
}
