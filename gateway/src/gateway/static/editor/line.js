// The line editor: steps in order, moved by dragging or with the keyboard, added from the directory; faults stand beside the step.
import { get } from "onnara/editor/exchange.js";
import { stepRow, whose } from "onnara/editor/step.js";
import { element, picker } from "onnara/editor/picker.js";

const decides = (step) => step.role === "STEP_ROLE_DECIDE" && step.mode !== "STEP_MODE_JOINT";
const isAfter = (step) => step.role === "STEP_ROLE_AFTER";

// place: an ordered list. search: the field that adds people. ask: the field that asks a department. words: texts. steps: the
// contract's steps. changed(touched): told of each change, and whether the writer made it.
export function lineEditor(place, search, ask, { words, steps, drafter, changed, live }) {
  let moving = null;

  const say = (text) => { live.textContent = text; };
  function settle(touched = true) {
    steps.forEach((step, index) => { step.order = index + 1; });
    draw();
    changed(touched);
  }
  const rowAt = (index) => place.children[index + 1];
  function move(from, to) {
    if (to < 0 || to >= steps.length || from === to) return;
    steps.splice(to, 0, ...steps.splice(from, 1));
    settle();
    rowAt(to).querySelector("[data-handle]").focus();
    say(words.moved.replace("{name}", whose(steps[to])).replace("{place}", to + 2));
  }
  function remove(index) {
    steps.splice(index, 1);
    settle();
    search.focus();
  }
  // Whoever decides comes behind all who are waited for, and those who only read it afterwards come last.
  function recast(index, role, mode) {
    const [step] = steps.splice(index, 1);
    Object.assign(step, { role, mode });
    if (mode === "STEP_MODE_DEPARTMENT") step.departmentCode = step.departmentCode || step.person?.departmentCode || "";
    const behind = steps.findIndex((each) => isAfter(each) || (decides(step) && each.mode === "STEP_MODE_JOINT"));
    const end = behind < 0 ? steps.length : behind;
    const to = isAfter(step) ? steps.length : decides(step) ? end : Math.min(index, beforeDecision());
    steps.splice(to, 0, step);
    settle();
    rowAt(to).querySelector("select").focus();
    if (to !== index) say(words.moved.replace("{name}", whose(step)).replace("{place}", to + 2));
  }
  const acts = {
    move, remove, recast, changed,
    grab(index) { moving = index; },
    drop(index) { const from = moving; moving = null; if (from !== null) move(from, index); },
    let() { moving = null; },
    isMoving: () => moving !== null,
  };
  function draw() {
    const first = element("li", undefined, "line-row fixed");
    const who = element("span", undefined, "line-who");
    who.append(element("b", drafter.name), ` ${drafter.position} `, element("span", drafter.department, "soft"));
    first.append(element("span", "", "line-handle"), element("span", "1", "line-order"), element("span", words.drafter, "line-kind"), who);
    place.replaceChildren(first, ...steps.map((step, index) => stepRow(step, index, { words, acts })));
  }

  // Before whoever decides; before those who read it afterwards while nobody does.
  function beforeDecision() {
    const found = steps.findIndex((step) => step.role === "STEP_ROLE_DECIDE" || isAfter(step));
    return found < 0 ? steps.length : found;
  }
  function add(step, label) {
    steps.splice(beforeDecision(), 0, step);
    settle();
    say(words.added.replace("{name}", label));
  }
  picker(ask, {
    search: (text) => get("/lookup/departments", { q: text }),
    empty: words.nobody,
    show: (each) => [element("b", each.name), " ", element("span", each.code, "soft")],
    chosen: (each) => add({ role: "STEP_ROLE_COOPERATE", mode: "STEP_MODE_DEPARTMENT", departmentCode: each.code, person: { department: each.name } }, each.name),
  });
  picker(search, {
    search: (text) => get("/lookup/people", { q: text }),
    empty: words.nobody,
    show: (each) => [element("b", each.name), ` ${each.position} `, element("span", each.department, "soft"), ...(each.absent ? [element("span", each.absent, "line-absent")] : [])],
    chosen(each) {
      // The last one decides; whoever is added behind a decision moves it one place back.
      const last = steps.some((step) => !isAfter(step)) && !steps.some(decides);
      add({
        role: last ? "STEP_ROLE_DECIDE" : "STEP_ROLE_REVIEW",
        mode: last ? "STEP_MODE_OWN" : "STEP_MODE_NORMAL",
        absent: each.absent,
        person: { officialId: each.id, name: each.name, position: each.position, department: each.department, departmentCode: each.departmentCode },
      }, each.name);
    },
  });
  draw();
  return {
    // Puts what is wrong beside the step it is about. found: [{step, text, source}].
    fault(found) {
      steps.forEach((_, index) => {
        const row = rowAt(index);
        row.querySelectorAll(".line-fault").forEach((each) => each.remove());
        const mine = found.filter((each) => each.step === index);
        row.classList.toggle("is-faulty", mine.length > 0);
        for (const each of mine) {
          const line = element("p", each.text, "line-fault");
          if (each.source) line.append(" ", element("span", each.source, "soft"));
          row.append(line);
        }
      });
    },
    // The head of another agency, or the one next to it, decides behind the lead's (행정업무규정 8③). heads: the head first.
    addJoint(agencyId, heads) {
      const there = steps.find((step) => step.agencyId === agencyId);
      if (there) there.heads = heads;
      else {
        const behind = steps.findIndex(isAfter);
        steps.splice(behind < 0 ? steps.length : behind, 0, { role: "STEP_ROLE_DECIDE", mode: "STEP_MODE_JOINT", agencyId, heads, person: headPerson(heads[0]) });
      }
      settle(false);
    },
    removeAgency(agencyId) {
      const rest = steps.filter((step) => step.agencyId !== agencyId);
      steps.splice(0, steps.length, ...rest);
      settle(false);
    },
    // Another line; other agencies stay as they were chosen for this document.
    set(fresh) {
      const theirs = (all) => all.filter((step) => step.mode === "STEP_MODE_JOINT");
      const joint = theirs(fresh).length ? theirs(fresh) : theirs(steps);
      const own = fresh.filter((step) => step.mode !== "STEP_MODE_JOINT");
      steps.splice(0, steps.length, ...own.filter((step) => !isAfter(step)), ...joint, ...own.filter(isAfter));
      steps.forEach((step, index) => { step.order = index + 1; });
      draw();
    },
  };
}

// Somebody who decides for another agency, as a step names them.
export const headPerson = (head) => ({ officialId: head.id, name: head.name, position: head.position, department: head.department, organisation: head.agency });

// Steps as the contract takes them: without what only this page knows. Names are for what is said about the line.
export function plain(steps) {
  return steps.map(({ role, mode, person, departmentCode, agencyId, order }) => ({
    order, role, mode, departmentCode, agencyId,
    person: mode === "STEP_MODE_DEPARTMENT" ? undefined : { officialId: person?.officialId, name: person?.name },
  }));
}
