// Lists of things picked while one types, each with a cross to take it out: people, agencies, documents.
import { element, picker } from "onnara/editor/picker.js";

// place: a list. input: its field. rows: the array it stands for. make(found): what is kept of an option. label(row): its text.
// same(a, b): the same thing. changed(row, isAdded, found): told of each change.
export function pickedList(place, input, { rows, search, show, make, label, same, words, changed }) {
  function draw() {
    place.replaceChildren(...rows.map((row, index) => {
      const chip = element("li", label(row), "chip");
      const out = element("button", "×", "line-remove");
      out.type = "button";
      out.setAttribute("aria-label", `${words.remove}: ${label(row)}`);
      out.addEventListener("click", () => {
        rows.splice(index, 1);
        draw();
        input.focus();
        changed(row, false);
      });
      chip.append(out);
      return chip;
    }));
  }
  picker(input, {
    search,
    show,
    empty: words.nobody,
    chosen(found) {
      const row = make(found);
      if (rows.some((each) => same(each, row))) return;
      rows.push(row);
      draw();
      changed(row, true, found);
    },
  });
  draw();
  return { draw };
}
