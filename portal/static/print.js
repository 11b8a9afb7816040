// The press that prints. Without this script the browser's own menu does the same, and the page says so.
for (const words of document.querySelectorAll("[data-by-hand]")) words.hidden = true;
for (const button of document.querySelectorAll("button[data-prints]")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}
