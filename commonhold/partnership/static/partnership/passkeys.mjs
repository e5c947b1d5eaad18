// A form that a passkey fills in: the browser is asked to make one or to use one, and its answer is sent.
// Silent, and out of sight, where the browser knows no passkeys.

const REFUSED = "The browser did not use a passkey. Try again, or choose another way.";

class Passkey {
  constructor(form) {
    this.form = form;
    this.button = form.querySelector("button");
    this.problem = form.querySelector("[data-passkey-problem]");
    this.button.addEventListener("click", () => this.ask());
    form.hidden = false;
  }

  async ask() {
    this.problem.hidden = true;
    try {
      const answer = await this.answer(await this.options());
      this.form.elements.namedItem("credential").value = JSON.stringify(answer);
      this.form.submit();
    } catch {
      this.problem.textContent = REFUSED;
      this.problem.hidden = false;
    }
  }

  async options() {
    const { options, optionsFrom } = this.form.dataset;
    if (options) return JSON.parse(options);
    const answer = await fetch(optionsFrom, { headers: { Accept: "application/json" } });
    return (await answer.json()).request_options;
  }

  answer(options) {
    if (this.form.dataset.passkey !== "create") return window.webauthnJSON.get(options);
    const alone = Boolean(this.form.elements.namedItem("passwordless")?.checked);
    const selection = options.publicKey.authenticatorSelection;
    selection.residentKey = alone ? "required" : "discouraged";
    selection.requireResidentKey = alone;
    if (alone) selection.userVerification = "required";
    return window.webauthnJSON.create(options);
  }
}

if (window.PublicKeyCredential && window.webauthnJSON) {
  document.querySelectorAll("[data-passkey-without]").forEach((words) => (words.hidden = true));
  document.querySelectorAll("form[data-passkey]").forEach((form) => new Passkey(form));
}
