// Own settings: a new passkey, and the deputy's field.
import "onnara/editor/fields.js";
import { post } from "onnara/editor/exchange.js";
import { make } from "onnara/editor/passkey.js";

const button = document.getElementById("passkey-add");
const problem = document.getElementById("passkey-problem");
// A session that may not keep passkeys is opened anew: the way there is shown with the reason.
const again = document.getElementById("passkey-again");
button.addEventListener("click", async () => {
  problem.hidden = again.hidden = true;
  button.disabled = true;
  try {
    const { options } = await post("/own/passkeys/begin");
    const credential = await make(options);
    const name = document.getElementById("passkey-name").value.trim();
    location.href = (await post("/own/passkeys/finish", { credential, name })).address;
  } catch (error) {
    problem.textContent = error.problems ? error.message : button.dataset.failed;
    problem.hidden = false;
    again.hidden = !error.problems?.some((each) => again.dataset.codes.split(" ").includes(each.code));
    button.disabled = false;
  }
});
