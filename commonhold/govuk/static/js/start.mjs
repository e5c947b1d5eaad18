// Starts GOV.UK Frontend's behaviours, also in parts that htmx brings later.
import { initAll } from "../vendor/govuk-frontend/govuk-frontend.min.js";

initAll();

document.addEventListener("htmx:after:settle", (event) => {
  for (const added of event.detail.newContent) {
    initAll({ scope: added });
    tell(added);
  }
});

// What a part says now is told to those who do not see it change; where it took the focus away with it, it has it.
function tell(part) {
  const told = document.getElementById("ch-told");
  const words = part.querySelector("[role=status], p.govuk-body, caption")?.textContent.replace(/\s+/g, " ").trim();
  if (told && words && told.textContent !== words) told.textContent = words;
  if (document.activeElement === document.body) {
    part.tabIndex = -1;
    part.focus({ preventScroll: true });
  }
}

// A part was asked for and a whole page came: the session ended, or something was refused. It is shown as a page.
document.addEventListener("htmx:after:request", (event) => {
  const { text, request, response } = event.detail.ctx;
  if (!/^\s*<!doctype/i.test(text ?? "")) return;
  event.preventDefault();
  if (request.method === "GET") {
    window.location.assign(response.raw.url);
  } else {
    document.open();
    document.write(text);
    document.close();
  }
});
