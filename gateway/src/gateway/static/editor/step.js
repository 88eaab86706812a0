// One row of the line editor: handle, place, what the step is, whose it is.
import { headPerson } from "onnara/editor/line.js";
import { element } from "onnara/editor/picker.js";

// What the step of a person, and of a department, may be: role and mode of the contract, in the order of the menu.
const PERSON = [
  ["STEP_ROLE_REVIEW", "STEP_MODE_NORMAL"], ["STEP_ROLE_COOPERATE", "STEP_MODE_SERIAL"], ["STEP_ROLE_COOPERATE", "STEP_MODE_PARALLEL"],
  ["STEP_ROLE_AUDIT", "STEP_MODE_PERSON"], ["STEP_ROLE_DECIDE", "STEP_MODE_OWN"], ["STEP_ROLE_DECIDE", "STEP_MODE_DELEGATED"],
  ["STEP_ROLE_AFTER", "STEP_MODE_CONFIRM"], ["STEP_ROLE_AFTER", "STEP_MODE_INFORM"],
];
const DEPARTMENT = [["STEP_ROLE_COOPERATE", "STEP_MODE_DEPARTMENT"], ["STEP_ROLE_AUDIT", "STEP_MODE_DEPARTMENT"]];

// A department that is asked stands there without a person.
export const whose = (step) => step.person?.name || step.person?.department || step.departmentCode || "";

function kindsOf(step) {
  const kinds = step.mode === "STEP_MODE_DEPARTMENT" ? DEPARTMENT : step.mode === "STEP_MODE_JOINT" ? [] : PERSON;
  const known = kinds.some(([role, mode]) => role === step.role && mode === step.mode);
  // What was offered stays what it is, such as a sole decision.
  return known ? kinds : [[step.role, step.mode], ...kinds];
}

function chooser(label, options, chosen, change) {
  const made = document.createElement("select");
  made.className = "krds-form-select small";
  made.setAttribute("aria-label", label);
  for (const [value, text] of options) made.add(new Option(text, value, false, value === chosen));
  made.addEventListener("change", () => change(made.value));
  return made;
}

function button(sign, label, className, act) {
  const made = element("button", sign, className);
  made.type = "button";
  made.setAttribute("aria-label", label);
  made.addEventListener("click", act);
  return made;
}

// acts: what the editor does with a step by its index.
export function stepRow(step, index, { words, acts }) {
  const line = element("li", undefined, "line-row");
  const named = (text) => text.replace("{name}", whose(step));
  line.draggable = true;
  line.addEventListener("dragstart", (event) => { acts.grab(index); event.dataTransfer.effectAllowed = "move"; line.classList.add("is-moving"); });
  line.addEventListener("dragend", () => { acts.let(); line.classList.remove("is-moving"); });
  line.addEventListener("dragover", (event) => { if (acts.isMoving()) { event.preventDefault(); line.classList.add("is-aim"); } });
  line.addEventListener("dragleave", () => line.classList.remove("is-aim"));
  line.addEventListener("drop", (event) => { event.preventDefault(); acts.drop(index); });

  const handle = button("⠿", named(words.handle), "line-handle", () => {});
  handle.dataset.handle = "";
  handle.addEventListener("keydown", (event) => {
    const act = { ArrowUp: () => acts.move(index, index - 1), ArrowDown: () => acts.move(index, index + 1), Delete: () => acts.remove(index) }[event.key];
    if (act) { event.preventDefault(); act(); }
  });
  const kind = chooser(named(words.kind), kindsOf(step).map(([role, mode]) => [`${role}/${mode}`, words.kinds[`${role}/${mode}`] || mode]), `${step.role}/${step.mode}`, (value) => acts.recast(index, ...value.split("/")));
  const order = element("span", String(index + 2), "line-order");
  const moves = element("span", undefined, "line-moves");
  moves.append(button("↑", named(words.up), "line-move", () => acts.move(index, index - 1)), button("↓", named(words.down), "line-move", () => acts.move(index, index + 1)));
  line.append(handle, order, kind, person(step, words, acts), moves, button("×", named(words.remove), "line-remove", () => acts.remove(index)));
  return line;
}

function person(step, words, acts) {
  const who = element("span", undefined, "line-who");
  const unit = [step.person?.organisation, step.person?.name ? step.person?.department : ""].filter(Boolean).join(" ");
  if (step.heads?.length > 1) {
    who.append(chooser(words.decides.replace("{name}", step.person?.organisation || ""), step.heads.map((each) => [each.id, `${each.position} ${each.name}`]), step.person?.officialId, (id) => {
      step.person = headPerson(step.heads.find((each) => each.id === id));
      acts.changed();
    }), element("span", unit, "soft"));
  } else who.append(element("b", whose(step)), ` ${step.person?.position || ""} `, element("span", unit, "soft"));
  if (step.absent) who.append(element("span", step.absent, "line-absent"));
  return who;
}
