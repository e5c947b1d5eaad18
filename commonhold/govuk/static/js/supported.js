// Runs before the page is drawn: what GOV.UK Frontend enhances must not show first in the form it has without script.
// Not a module, because modules wait until the whole page is read.
if ("noModule" in HTMLScriptElement.prototype) {
  document.body.classList.add("js-enabled", "govuk-frontend-supported");
}
