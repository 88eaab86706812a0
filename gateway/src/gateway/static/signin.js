// Signing in with a passkey: the browser offers those it has for this site.
import { post } from "onnara/editor/exchange.js";
import { sign } from "onnara/editor/passkey.js";

const button = document.getElementById("passkey-sign-in");
const problem = document.getElementById("passkey-problem");
button.hidden = !window.PublicKeyCredential;
button.addEventListener("click", async () => {
  problem.hidden = true;
  button.disabled = true;
  try {
    const { options } = await post("/sign-in/passkey/begin", { login: document.getElementById("login").value });
    const credential = await sign(options);
    location.href = (await post("/sign-in/passkey/finish", { credential, next: document.querySelector("[name=next]").value })).address;
  } catch (error) {
    problem.textContent = error.problems ? error.message : button.dataset.failed;
    problem.hidden = false;
    button.disabled = false;
  }
});
