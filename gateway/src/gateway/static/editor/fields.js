// Fields of plain forms that pick people or units: what is picked becomes hidden fields of the form, also what a refused
// form had brought (data-chosen).
import { get } from "onnara/editor/exchange.js";
import { element, picker } from "onnara/editor/picker.js";

const nothing = () => document.body.dataset.nothing || "";

function chips(input, many) {
  const place = element("ul", undefined, "chips");
  input.parentElement.before(place);
  const add = (label, fields) => {
    if (!many) place.replaceChildren();
    const chip = element("li", label, "chip");
    // What is seen goes with it, so that a refused form can show it again.
    const [first] = Object.keys(fields);
    for (const [name, value] of Object.entries({ ...fields, [`${first}_label`]: label })) {
      const hidden = document.createElement("input");
      hidden.type = "hidden";
      hidden.name = name;
      hidden.value = value;
      chip.append(hidden);
    }
    const out = element("button", "×", "line-remove");
    out.type = "button";
    out.setAttribute("aria-label", `× ${label}`);
    out.addEventListener("click", () => { chip.remove(); input.focus(); });
    chip.append(out);
    place.append(chip);
  };
  for (const each of JSON.parse(input.dataset.chosen || "[]")) add(each.label, each.fields);
  return add;
}

for (const input of document.querySelectorAll("[data-people]")) {
  const add = chips(input, input.hasAttribute("data-many"));
  picker(input, {
    search: (text) => get("/lookup/people", { q: text }),
    empty: nothing(),
    show: (each) => [element("b", each.name), ` ${each.position} `, element("span", each.department, "soft"), ...(each.absent ? [element("span", each.absent, "line-absent")] : [])],
    chosen: (each) => add(`${each.name} ${each.position}`, { [input.dataset.people]: each.id }),
  });
}
for (const input of document.querySelectorAll("[data-units]")) {
  const add = chips(input, input.hasAttribute("data-many"));
  picker(input, {
    search: (text) => get("/lookup/units", { q: text }),
    empty: nothing(),
    show: (each) => [element("b", each.name), " ", element("span", `${each.fullName} ${each.code}`, "soft")],
    chosen: (each) => add(each.name, { [input.dataset.units]: each.code, [`${input.dataset.units}_name`]: each.head || each.name }),
  });
}
