// Security keys: the library's two ceremonies, each a begin, a press on the key, and a complete.

const status = document.getElementById("key-status");
const token = () => document.querySelector("input[name=csrfmiddlewaretoken]").value;

async function post(address, body) {
  const response = await fetch(address, {
    method: "POST",
    headers: { "Content-Type": "application/json", "X-CSRFToken": token() },
    body: JSON.stringify(body),
  });
  if (!response.ok) throw new Error(`refused: ${response.status}`);
  return { data: await response.json(), next: response.headers.get("X-Next") };
}

async function ceremony(button, ask) {
  const { data } = await post(button.dataset.begin, {});
  const credential = await ask(data);
  return post(button.dataset.complete, credential.toJSON());
}

const add = (options) => navigator.credentials.create({
  publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(options),
});
const use = (options) => navigator.credentials.get({
  publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(options),
});

function offer(id, ask, whereTo) {
  const button = document.getElementById(id);
  if (!button || !window.PublicKeyCredential?.parseCreationOptionsFromJSON) return;
  button.hidden = false;
  button.addEventListener("click", async () => {
    button.disabled = true;
    status.textContent = "";
    try {
      location.assign(whereTo(await ceremony(button, ask)));
    } catch {
      status.textContent = button.dataset.failed;
      button.disabled = false;
      button.focus();
    }
  });
}

offer("add-key", add, (done) => done.next);
offer("use-key", use, (done) => done.data.redirect_url);
