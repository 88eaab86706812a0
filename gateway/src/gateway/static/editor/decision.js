// A passkey's signature before a decision that asks for one: over one document, or over all that were ticked.
import { post } from "onnara/editor/exchange.js";
import { sign } from "onnara/editor/passkey.js";

const form = document.querySelector("[data-decision]");
const SIGNED = new Set(["approve", "approve-next"]);

function items() {
  const tickets = Array.from(form.querySelectorAll("[name=ticket]:checked"));
  if (form.elements.line_id) {
    const value = (name) => form.elements[name].value;
    return [{ line_id: value("line_id"), version: Number(value("version")), manifest: value("manifest"), acting_for: value("acting_for") }];
  }
  return tickets.map((ticket) => {
    const [line_id, version, manifest, acting_for] = ticket.value.split(".");
    return { line_id, version: Number(version), manifest, acting_for };
  });
}

async function signed(button) {
  const told = await post("/decisions/prepare", { action: "approve", opinion: form.elements.opinion?.value || "", items: items() });
  if (told.options) form.elements.credential.value = await sign(told.options);
  form.dataset.ready = "1";
  form.requestSubmit(button);
}

form?.addEventListener("submit", (event) => {
  const button = event.submitter;
  if (!form.dataset.passkey || form.dataset.ready || !SIGNED.has(button?.value)) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  signed(button).catch((error) => {
    const place = form.querySelector("[data-passkey-problem]");
    place.textContent = error.problems ? error.message : document.body.dataset.passkey || error.message;
    place.hidden = false;
  });
}, { capture: true });
