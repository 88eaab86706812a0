// The card's forms: picking people and units; a passkey's signature before a decision that asks for one.
import "onnara/editor/fields.js";
import { post } from "onnara/editor/exchange.js";
import { sign } from "onnara/editor/passkey.js";

const form = document.querySelector("[data-decision]");
const SIGNED = new Set(["approve", "approve-next"]);

async function signed(button) {
  const value = (name) => form.elements[name].value;
  const told = await post("/decisions/prepare", {
    action: "approve",
    items: [{ line_id: value("line_id"), version: Number(value("version")), manifest: value("manifest"), acting_for: value("acting_for") }],
  });
  // Who has a passkey uses it where it must be; elsewhere the sign-in is enough.
  if (told.required && told.options) form.elements.credential.value = await sign(told.options);
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
    place.textContent = error.problems ? error.message : form.dataset.failed || error.message;
    place.hidden = false;
  });
}, { capture: true });
