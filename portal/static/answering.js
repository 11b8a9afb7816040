// Reads a question aloud, where the device has a voice for the page's language; else the button stays hidden.
const language = document.documentElement.lang;
const voice = () => {
  const fit = speechSynthesis.getVoices().filter((one) => one.lang.toLowerCase().startsWith(language));
  return fit.find((one) => one.localService) || fit[0];
};
const offer = () => {
  if (voice()) for (const button of document.querySelectorAll("button[data-reads]")) button.hidden = false;
};
if ("speechSynthesis" in window) {
  offer();
  speechSynthesis.addEventListener("voiceschanged", offer);
  for (const button of document.querySelectorAll("button[data-reads]"))
    button.addEventListener("click", () => {
      const words = [document.getElementById(button.dataset.reads).textContent];
      for (const face of document.querySelectorAll(".face span")) words.push(face.textContent);
      speechSynthesis.cancel();
      for (const part of words) {
        const spoken = new SpeechSynthesisUtterance(part);
        spoken.voice = voice();
        spoken.lang = spoken.voice.lang;
        spoken.rate = 0.9;
        speechSynthesis.speak(spoken);
      }
    });
}
// The device forgets: a page that the browser kept from the child before is not shown to the next one.
addEventListener("pageshow", (shown) => {
  if (shown.persisted) location.replace("/surveys/answer");
});
