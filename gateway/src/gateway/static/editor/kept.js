// What is being typed on a card outlives a sign-in in between: kept in this window until the form's own version is past.
const PREFIX = "typed:";

for (const form of document.querySelectorAll("main form[method=post]")) {
  const version = form.elements.version?.value;
  if (!version) continue;
  const name = (field) => `${PREFIX}${form.getAttribute("action")}:${version}:${field.name}`;
  for (const field of form.querySelectorAll("textarea[name]")) {
    // What the site has brought back itself counts more.
    if (!field.value) field.value = sessionStorage.getItem(name(field)) || "";
    field.addEventListener("input", () => {
      if (field.value) sessionStorage.setItem(name(field), field.value);
      else sessionStorage.removeItem(name(field));
    });
  }
}
