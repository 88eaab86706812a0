// Receiving agencies and departments of a draft, each perhaps for reference only; none: an internal decision.
import { get } from "onnara/editor/exchange.js";
import { element, picker } from "onnara/editor/picker.js";

// Kind of who has no code (official_document.proto): sent to by hand.
const PRIVATE_BODY = 3;
const printed = (unit) => (unit.agency ? unit.head || unit.name : unit.fullName);

export function recipients({ content, words, changed }) {
  const place = document.getElementById("recipients");
  function row(each, index) {
    const line = element("li", undefined, "recipient");
    const refer = document.createElement("input");
    refer.type = "checkbox";
    refer.id = `refer-${index}`;
    refer.checked = Boolean(each.refer);
    refer.addEventListener("change", () => { each.refer = refer.checked; changed(); });
    const label = element("label", undefined, "plain-check");
    label.append(refer, words.refer);
    const out = element("button", "×", "line-remove");
    out.type = "button";
    out.setAttribute("aria-label", `${words.remove}: ${each.printedAs}`);
    out.addEventListener("click", () => { content.recipients.splice(index, 1); draw(); changed(); });
    const code = each.department?.code || each.agency?.code || words.outside;
    line.append(element("b", each.printedAs || each.agency?.name), element("span", code, "soft"), label, out);
    return line;
  }
  function draw() {
    place.replaceChildren(...content.recipients.map(row));
    const some = content.recipients.length > 0;
    document.querySelectorAll("[data-with-recipients]").forEach((part) => { part.hidden = !some; });
    document.querySelectorAll("[data-without-recipients]").forEach((part) => { part.hidden = some; });
  }
  picker(document.getElementById("recipient"), {
    search: async (text) => [...await get("/lookup/units", { q: text }), { name: text, outside: true }],
    empty: words.nobody,
    show: (each) => [
      element("b", each.name), " ", element("span", each.outside ? words.outside : `${each.fullName} ${each.code}`, "soft"),
    ],
    chosen(unit) {
      if (unit.outside) {
        if (content.recipients.some((each) => each.printedAs === unit.name)) return;
        content.recipients.push({ kind: PRIVATE_BODY, printedAs: unit.name });
        draw();
        changed();
        return;
      }
      if (content.recipients.some((each) => each.agency?.code === unit.code)) return;
      content.recipients.push({ kind: 1, printedAs: printed(unit), agency: { code: unit.code, name: unit.name } });
      draw();
      changed();
    },
  });
  draw();
}
