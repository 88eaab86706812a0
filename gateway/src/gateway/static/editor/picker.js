// A field that offers what fits while one types (combobox pattern of WAI-ARIA), for people and for receiving units.
let number = 0;

// input: the field. search(text): promise of rows. show(row): nodes or text of an option. chosen(row): what to do with one.
export function picker(input, { search, show, chosen, empty }) {
  const list = document.createElement("ul");
  list.id = `picker-${(number += 1)}`;
  list.className = "picker-list";
  list.setAttribute("role", "listbox");
  list.hidden = true;
  input.after(list);
  for (const [name, value] of [["role", "combobox"], ["aria-expanded", "false"], ["aria-controls", list.id], ["aria-autocomplete", "list"], ["autocomplete", "off"]]) input.setAttribute(name, value);

  let rows = [];
  let at = -1;
  let asked = 0;
  let timer = 0;

  const close = () => { list.hidden = true; at = -1; input.setAttribute("aria-expanded", "false"); input.removeAttribute("aria-activedescendant"); };
  const take = (index) => { const row = rows[index]; if (!row) return; input.value = ""; close(); chosen(row); };
  const point = (index) => {
    at = (index + rows.length) % rows.length;
    Array.from(list.children).forEach((option, place) => option.setAttribute("aria-selected", String(place === at)));
    input.setAttribute("aria-activedescendant", `${list.id}-${at}`);
    list.children[at].scrollIntoView({ block: "nearest" });
  };
  function offer(found) {
    rows = found;
    list.replaceChildren(...found.map((row, index) => {
      const option = document.createElement("li");
      option.id = `${list.id}-${index}`;
      option.setAttribute("role", "option");
      option.setAttribute("aria-selected", "false");
      option.append(...[].concat(show(row)));
      option.addEventListener("pointerdown", (event) => { event.preventDefault(); take(index); });
      return option;
    }));
    if (found.length === 0) {
      const nothing = document.createElement("li");
      nothing.className = "picker-nothing";
      nothing.setAttribute("role", "option");
      nothing.setAttribute("aria-disabled", "true");
      nothing.textContent = empty;
      list.append(nothing);
    }
    list.hidden = false;
    input.setAttribute("aria-expanded", "true");
    if (found.length) point(0);
  }
  async function look() {
    const text = input.value.trim();
    if (!text) { close(); return; }
    const mine = (asked += 1);
    const found = await search(text);
    if (mine === asked && document.activeElement === input) offer(found);
  }
  input.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(look, 150); });
  input.addEventListener("blur", close);
  input.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    if (list.hidden) return;
    if (event.key === "ArrowDown") { event.preventDefault(); point(at + 1); }
    else if (event.key === "ArrowUp") { event.preventDefault(); point(at - 1); }
    else if (event.key === "Enter") { event.preventDefault(); take(at); }
    else if (event.key === "Escape") { event.stopPropagation(); close(); }
  });
}

// An element with a class and text.
export function element(tag, text, className) {
  const made = document.createElement(tag);
  if (text !== undefined) made.textContent = text;
  if (className) made.className = className;
  return made;
}
