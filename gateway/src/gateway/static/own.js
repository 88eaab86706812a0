// Own settings: a new passkey, and the deputy's field.
import "onnara/editor/fields.js";
import { post } from "onnara/editor/exchange.js";
import { make } from "onnara/editor/passkey.js";

const button = document.getElementById("passkey-add");
const problem = document.getElementById("passkey-problem");
button.addEventListener("click", async () => {
  problem.hidden = true;
  button.disabled = true;
  try {
    const { options } = await post("/own/passkeys/begin");
    const credential = await make(options);
    const name = document.getElementById("passkey-name").value.trim();
    location.href = (await post("/own/passkeys/finish", { credential, name })).address;
  } catch (error) {
    problem.textContent = error.message;
    problem.hidden = false;
    button.disabled = false;
  }
});
