// Copies the text of the field a button names, and says so. Without this script the field can be marked and copied.
for (const button of document.querySelectorAll("button[data-copies]")) {
  button.hidden = false;
  button.addEventListener("click", async () => {
    const field = document.getElementById(button.dataset.copies);
    field.select();
    await navigator.clipboard.writeText(field.value);
    document.getElementById(button.dataset.says).textContent = button.dataset.done;
  });
}
