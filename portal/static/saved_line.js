// The line under a text that keeps itself takes no answer but its own: any other page, or none, means "not saved".
const say = (words) => {
  document.querySelector("#saved span").textContent = words;
};
document.addEventListener("htmx:beforeSwap", (event) => {
  const { target, xhr } = event.detail;
  if (target.id !== "saved" || xhr.getResponseHeader("Portal-Part") === "saved-line") return;
  event.preventDefault();
  say(xhr.status === 401 ? target.dataset.signedOut : target.dataset.notSaved);
});
for (const fault of ["htmx:sendError", "htmx:timeout"]) {
  document.addEventListener(fault, (event) => say(event.detail.target.dataset.notSaved));
}
