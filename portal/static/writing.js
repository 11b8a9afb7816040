// Two buttons beside a longer text: bold and list. The text stays Markdown, and is complete without this script.
const BULLET = "- ";

// Typed as if by hand, so that the browser can undo it and the page hears of it.
function put(field, from, to, text) {
  field.focus();
  field.setSelectionRange(from, to);
  if (!document.execCommand("insertText", false, text)) {
    field.setRangeText(text, from, to, "end");
    field.dispatchEvent(new InputEvent("input", { bubbles: true }));
  }
}

function take(field, from, to) {
  field.setRangeText("", from, to, "end");
  field.dispatchEvent(new InputEvent("input", { bubbles: true }));
}

function bold(field) {
  let { selectionStart: from, selectionEnd: to, value } = field;
  while (from < to && /\s/.test(value[from])) from += 1;
  while (to > from && /\s/.test(value[to - 1])) to -= 1;
  const words = value.slice(from, to);
  if (value.slice(from - 2, from) === "**" && value.slice(to, to + 2) === "**") {
    put(field, from - 2, to + 2, words);
    field.setSelectionRange(from - 2, to - 2);
  } else {
    put(field, from, to, words.split("\n").map(line => (line.trim() ? `**${line}**` : line)).join("\n") || "****");
    field.setSelectionRange(from + 2, from + 2 + words.length);
  }
}

function list(field) {
  const { selectionStart, selectionEnd, value } = field;
  const from = value.lastIndexOf("\n", selectionStart - 1) + 1;
  const end = value.indexOf("\n", selectionEnd);
  const to = end < 0 ? value.length : end;
  const lines = value.slice(from, to).split("\n");
  const isList = lines.every(line => line.startsWith(BULLET) || !line.trim()) && lines.some(line => line.trim());
  const isNew = line => !line.startsWith(BULLET) && (line.trim() || lines.length === 1);
  const changed = lines.map(line => (isList ? line.replace(BULLET, "") : isNew(line) ? BULLET + line : line));
  const above = value.slice(0, from);
  const gap = !isList && above.trim() && !above.endsWith("\n\n") && !/(^|\n)- [^\n]*\n$/.test(above) ? "\n" : "";
  put(field, from, to, gap + changed.join("\n"));
}

// A new line in a list is a new point; an empty point ends it.
function goOn(event) {
  const field = event.target;
  const { selectionStart: at, selectionEnd, value } = field;
  const from = value.lastIndexOf("\n", at - 1) + 1;
  const line = value.slice(from, at);
  if (event.key !== "Enter" || event.isComposing || at !== selectionEnd || !line.startsWith(BULLET)) return;
  event.preventDefault();
  if (line === BULLET) take(field, from, at);
  else put(field, at, at, `\n${BULLET}`);
}

for (const tools of document.querySelectorAll(".tools")) {
  tools.hidden = false;
  for (const button of tools.querySelectorAll("button")) {
    const field = document.getElementById(button.dataset.to);
    button.addEventListener("click", () => (button.dataset.does === "bold" ? bold : list)(field));
    if (button.dataset.does === "list") field.addEventListener("keydown", goOn);
  }
}
