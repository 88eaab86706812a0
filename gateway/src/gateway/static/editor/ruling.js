// What rules say of a line while it is edited: the level of delegated decision, lines to begin with, every reason against it.
import { get, post } from "onnara/editor/exchange.js";
import { element } from "onnara/editor/picker.js";
import { plain } from "onnara/editor/line.js";

const at = (id) => document.getElementById(id);

// line: the editor. steps: its steps. joint: other agencies. field(name): of the form. mine: where the line is kept on this device.
export function ruling({ line, steps, joint, field, words, live, mine }) {
  const about = () => ({ kind: Number(field("kind").value), task: field("task").value });
  let timer = 0;
  let asked = 0;
  let isOffered = true;

  async function check() {
    const mineNow = (asked += 1);
    if (steps.length === 0) { at("line-problems").replaceChildren(); line.fault([]); return; }
    let found;
    try { found = (await post("/lookup/line-check", { ...about(), steps: plain(steps), joint: joint.ids() })).problems; }
    catch (error) { found = [{ text: error.message, step: -1 }]; }
    if (mineNow !== asked) return;
    found.forEach((each) => { each.text = joint.named(each.text); });
    const beside = found.filter((each) => each.step >= 0 && each.step < steps.length);
    line.fault(beside);
    at("line-problems").replaceChildren(...found.filter((each) => !beside.includes(each)).map((each) => {
      const row = element("li", each.text);
      if (each.source) row.append(" ", element("span", each.source, "soft"));
      return row;
    }));
    live.textContent = beside.map((each) => each.text).join(" ");
  }
  // touched: by the writer; a line that was only offered gives way to a better offer.
  function changed(touched = true) {
    if (touched) isOffered = false;
    clearTimeout(timer);
    timer = setTimeout(check, 400);
    mine.keep(isOffered ? [] : steps);
  }
  const take = (proposal) => { line.set(proposal.steps); changed(false); };
  function button(each) {
    const made = element("button", words.offers[each.kind].replace("{name}", each.name), "krds-btn small tertiary");
    made.type = "button";
    made.title = each.problems.join(" ");
    made.addEventListener("click", () => { isOffered = true; take(each); live.textContent = words.offered; });
    return made;
  }
  async function propose() {
    let told;
    try { told = await get("/lookup/lines", about()); } catch { return; }
    at("rule").textContent = told.rule ? words.rule.replace("{rule}", told.rule).replace("{level}", words.levels[told.level] || told.level) : words.noRule;
    at("offers").replaceChildren(...told.proposals.map(button));
    const before = mine.read();
    if (before.length && isOffered) { isOffered = false; line.set(before); changed(); return; }
    if (isOffered && told.proposals.length) take(told.proposals[0]);
    else check();
  }
  field("kind").addEventListener("change", propose);
  field("task").addEventListener("change", propose);
  at("keep-line").addEventListener("submit", async (event) => {
    event.preventDefault();
    const name = event.target.elements.name.value.trim();
    if (!name) return;
    try {
      await post("/lookup/templates", { ...about(), name, steps: plain(steps), shared: event.target.elements.shared.checked });
      live.textContent = words.kept;
      at("keep-problem").textContent = "";
      event.target.reset();
      at("keep-dialog").close();
      propose();
    } catch (error) { at("keep-problem").textContent = error.message; }
  });
  return { changed, propose };
}

// The edited line of a draft on this device: drafts keep text and management data, the line only once they are submitted.
export function keptLine(state) {
  const name = () => state.documentId && `line:${state.officialId}:${state.documentId}`;
  let waiting = [];
  return {
    read() { try { return JSON.parse(localStorage.getItem(name())) || []; } catch { return []; } },
    keep(steps) {
      waiting = steps;
      if (!name()) return;
      if (steps.length) localStorage.setItem(name(), JSON.stringify(steps));
      else localStorage.removeItem(name());
    },
    // Once a new draft has its number.
    named() { if (waiting.length) this.keep(waiting); },
    forget() { waiting = []; if (name()) localStorage.removeItem(name()); },
  };
}
