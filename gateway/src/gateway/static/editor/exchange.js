// Calls to this site: JSON there and back, the session's token with each, refusals as an error with its problems.
export class Refused extends Error {
  constructor(status, problems) {
    super(problems.map((problem) => problem.text).join(" "));
    this.status = status;
    this.problems = problems;
  }
}

const token = () => JSON.parse(document.body.getAttribute("hx-headers"))["X-CSRF-Token"];

async function answer(response) {
  const told = response.headers.get("Content-Type")?.includes("json") ? await response.json() : {};
  if (!response.ok) throw new Refused(response.status, told.problems || [{ text: document.body.dataset.failed || String(response.status) }]);
  return told;
}

export async function get(address, parameters) {
  return answer(await fetch(`${address}?${new URLSearchParams(parameters)}`, { headers: { Accept: "application/json" } }));
}

export async function post(address, content) {
  return answer(await fetch(address, {
    method: "POST",
    headers: { "Content-Type": "application/json", "X-CSRF-Token": token() },
    body: JSON.stringify(content || {}),
  }));
}

// Bytes to an address; told(sent) while they travel.
export function put(address, bytes, told) {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("PUT", address);
    request.setRequestHeader("X-CSRF-Token", token());
    request.upload.addEventListener("progress", (event) => told(event.loaded));
    request.addEventListener("load", () => {
      const content = (() => { try { return JSON.parse(request.responseText); } catch { return {}; } })();
      if (request.status >= 400) reject(new Refused(request.status, content.problems || [{ text: String(request.status) }]));
      else resolve(content);
    });
    request.addEventListener("error", () => reject(new Refused(0, [{ text: document.body.dataset.failed || "" }])));
    request.send(bytes);
  });
}
