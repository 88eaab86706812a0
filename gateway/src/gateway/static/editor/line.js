// The line editor: steps in order, moved by dragging or with the keyboard, added from the directory.
import { get } from "onnara/editor/exchange.js";
import { element, picker } from "onnara/editor/picker.js";

// What one step may be: role and mode of the contract, in the order of the menu.
export const KINDS = [
  ["STEP_ROLE_REVIEW", "STEP_MODE_NORMAL"], ["STEP_ROLE_COOPERATE", "STEP_MODE_SERIAL"], ["STEP_ROLE_COOPERATE", "STEP_MODE_PARALLEL"],
  ["STEP_ROLE_COOPERATE", "STEP_MODE_DEPARTMENT"], ["STEP_ROLE_AUDIT", "STEP_MODE_PERSON"], ["STEP_ROLE_DECIDE", "STEP_MODE_OWN"],
  ["STEP_ROLE_DECIDE", "STEP_MODE_DELEGATED"], ["STEP_ROLE_DECIDE", "STEP_MODE_JOINT"], ["STEP_ROLE_AFTER", "STEP_MODE_CONFIRM"], ["STEP_ROLE_AFTER", "STEP_MODE_INFORM"],
];
// A department that is asked stands there without a person.
const whose = (step) => step.person?.name || step.person?.department || step.departmentCode || "";
const name = (role, mode) => `${role}/${mode}`;

// place: an ordered list. search: the field that adds people. ask: the field that asks a department. words: texts. steps: the contract's steps. changed(): told.
export function lineEditor(place, search, ask, { words, steps, drafter, changed, live }) {
  let moving = null;

  const say = (text) => { live.textContent = text; };
  const renumbered = () => { steps.forEach((step, index) => { step.order = index + 1; }); changed(); };
  function move(from, to) {
    if (to < 0 || to >= steps.length) return;
    steps.splice(to, 0, ...steps.splice(from, 1));
    renumbered();
    draw();
    place.children[to + 1].querySelector("[data-handle]").focus();
    say(words.moved.replace("{name}", whose(steps[to])).replace("{place}", to + 1));
  }

  function row(step, index) {
    const line = element("li", undefined, "line-row");
    line.draggable = true;
    line.addEventListener("dragstart", (event) => { moving = index; event.dataTransfer.effectAllowed = "move"; line.classList.add("is-moving"); });
    line.addEventListener("dragend", () => { moving = null; draw(); });
    line.addEventListener("dragover", (event) => { if (moving !== null) event.preventDefault(); });
    line.addEventListener("drop", (event) => { event.preventDefault(); if (moving !== null) move(moving, index); });

    const handle = element("button", "⠿", "line-handle");
    handle.type = "button";
    handle.dataset.handle = "";
    handle.setAttribute("aria-label", words.handle.replace("{name}", whose(step)));
    handle.addEventListener("keydown", (event) => {
      if (event.key === "ArrowUp") { event.preventDefault(); move(index, index - 1); }
      if (event.key === "ArrowDown") { event.preventDefault(); move(index, index + 1); }
      if (event.key === "Delete") { event.preventDefault(); remove(); }
    });
    const kind = document.createElement("select");
    kind.className = "krds-form-select small";
    kind.setAttribute("aria-label", words.kind.replace("{name}", whose(step)));
    for (const [role, mode] of KINDS) {
      const option = new Option(words.kinds[name(role, mode)], name(role, mode));
      option.selected = step.role === role && step.mode === mode;
      kind.add(option);
    }
    kind.addEventListener("change", () => {
      [step.role, step.mode] = kind.value.split("/");
      if (step.mode === "STEP_MODE_DEPARTMENT") step.departmentCode = step.departmentCode || step.person?.departmentCode || "";
      changed();
    });
    const who = element("span", undefined, "line-who");
    who.append(element("b", whose(step)), ` ${step.person?.position || ""} `, element("span", [step.person?.organisation, step.person?.name ? step.person?.department : ""].filter(Boolean).join(" "), "soft"));
    if (step.absent) who.append(element("span", step.absent, "line-absent"));
    const remove = () => { steps.splice(index, 1); renumbered(); draw(); search.focus(); };
    const out = element("button", "×", "line-remove");
    out.type = "button";
    out.setAttribute("aria-label", words.remove.replace("{name}", whose(step)));
    out.addEventListener("click", remove);
    line.append(handle, element("span", String(index + 2), "line-order"), kind, who, out);
    return line;
  }
  function draw() {
    const first = element("li", undefined, "line-row fixed");
    const who = element("span", undefined, "line-who");
    who.append(element("b", drafter.name), ` ${drafter.position} `, element("span", drafter.department, "soft"));
    first.append(element("span", "", "line-handle"), element("span", "1", "line-order"), element("span", words.drafter, "line-kind"), who);
    place.replaceChildren(first, ...steps.map(row));
  }

  // Before whoever decides; behind everybody while nobody does.
  const beforeDecision = () => {
    const decides = steps.findIndex((step) => step.role === "STEP_ROLE_DECIDE" && step.mode !== "STEP_MODE_JOINT");
    return decides < 0 ? steps.length : decides;
  };
  picker(ask, {
    search: (text) => get("/lookup/departments", { q: text }),
    empty: words.nobody,
    show: (each) => [element("b", each.name), " ", element("span", each.code, "soft")],
    chosen(each) {
      const step = { role: "STEP_ROLE_COOPERATE", mode: "STEP_MODE_DEPARTMENT", departmentCode: each.code, person: { department: each.name } };
      steps.splice(beforeDecision(), 0, step);
      renumbered();
      draw();
      say(words.added.replace("{name}", each.name));
    },
  });
  picker(search, {
    search: (text) => get("/lookup/people", { q: text }),
    empty: words.nobody,
    show: (each) => [element("b", each.name), ` ${each.position} `, element("span", each.department, "soft"), ...(each.absent ? [element("span", each.absent, "line-absent")] : [])],
    chosen(each) {
      // The last one decides; whoever is added behind a decision moves it one place back.
      const decides = steps.findIndex((step) => step.role === "STEP_ROLE_DECIDE" && step.mode !== "STEP_MODE_JOINT");
      const step = {
        role: decides < 0 && steps.length ? "STEP_ROLE_DECIDE" : "STEP_ROLE_REVIEW",
        mode: decides < 0 && steps.length ? "STEP_MODE_OWN" : "STEP_MODE_NORMAL",
        absent: each.absent,
        person: { officialId: each.id, name: each.name, position: each.position, department: each.department, departmentCode: each.departmentCode },
      };
      steps.splice(beforeDecision(), 0, step);
      renumbered();
      draw();
      say(words.added.replace("{name}", each.name));
    },
  });
  draw();
  return {
    draw,
    // The head of another agency decides behind the lead's (행정업무규정 8③).
    addJoint(agencyId, head) {
      const decides = steps.findLastIndex((step) => step.role === "STEP_ROLE_DECIDE");
      const person = { officialId: head.id, name: head.name, position: head.position, department: head.department, organisation: head.agency };
      steps.splice(decides < 0 ? steps.length : decides + 1, 0, { role: "STEP_ROLE_DECIDE", mode: "STEP_MODE_JOINT", agencyId, person });
      renumbered();
      draw();
    },
    removeAgency(agencyId) {
      const rest = steps.filter((step) => step.agencyId !== agencyId);
      steps.splice(0, steps.length, ...rest);
      renumbered();
      draw();
    },
    set(fresh) {
      const joint = steps.filter((step) => step.mode === "STEP_MODE_JOINT");
      steps.splice(0, steps.length, ...fresh.filter((step) => step.mode !== "STEP_MODE_JOINT"), ...joint);
      renumbered();
      draw();
    },
  };
}

// Steps as the contract takes them: without what only this page knows.
export function plain(steps) {
  return steps.map(({ role, mode, person, departmentCode, agencyId, order }) => ({
    order, role, mode, departmentCode, agencyId,
    person: mode === "STEP_MODE_DEPARTMENT" ? undefined : { officialId: person?.officialId },
  }));
}
