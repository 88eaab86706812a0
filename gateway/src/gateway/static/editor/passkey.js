// Passkeys: the WebAuthn standard's JSON in and out, for browsers with and without the JSON helpers of their own.
const bytes = (text) => Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (sign) => sign.charCodeAt(0));
const text = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer))).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");

function asked(options) {
  const made = { ...options, challenge: bytes(options.challenge) };
  if (options.user) made.user = { ...options.user, id: bytes(options.user.id) };
  for (const name of ["allowCredentials", "excludeCredentials"]) {
    if (options[name]) made[name] = options[name].map((each) => ({ ...each, id: bytes(each.id) }));
  }
  return made;
}

function told(credential) {
  const response = { clientDataJSON: text(credential.response.clientDataJSON) };
  for (const name of ["attestationObject", "authenticatorData", "signature", "userHandle"]) {
    if (credential.response[name]) response[name] = text(credential.response[name]);
  }
  if (credential.response.getTransports) response.transports = credential.response.getTransports();
  return JSON.stringify({ id: credential.id, rawId: text(credential.rawId), type: credential.type, response, clientExtensionResults: credential.getClientExtensionResults() });
}

// A new passkey by the options of the directory.
export async function make(options) {
  return told(await navigator.credentials.create({ publicKey: asked(JSON.parse(options)) }));
}

// A signature over the options' challenge.
export async function sign(options) {
  return told(await navigator.credentials.get({ publicKey: asked(JSON.parse(options)) }));
}
