// Starts GOV.UK Frontend's behaviours, also in parts that htmx brings later.
import { initAll } from "../vendor/govuk-frontend/govuk-frontend.min.js";

initAll();

document.addEventListener("htmx:after:settle", (event) => {
  for (const added of event.detail.newContent) initAll({ scope: added });
});

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
