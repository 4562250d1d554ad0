// Importer: says which files are being read as soon as they are dropped or chosen (the browser reads them before the
// server hears of them), and stops files that are too large before they are read at all.
(function () {
  function inFrench(bytes) {
    return Math.max(0.1, bytes / 1048576).toLocaleString("fr-FR", { maximumFractionDigits: 1 }) + "\u00a0Mo";
  }

  function receive(event, files) {
    const zone = event.target.closest && event.target.closest(".im-drop");
    if (!zone || !files || !files.length) return;
    const most = Number(zone.dataset.most);
    const total = Array.from(files).reduce((sum, file) => sum + file.size, 0);
    const refusal = zone.querySelector(".im-too-large");
    if (total > most) {
      event.preventDefault();
      event.stopImmediatePropagation();
      refusal.textContent =
        inFrench(total) + " en une fois, c’est trop\u00a0: " + inFrench(most) +
        " au plus. Donnez les fichiers en plusieurs fois.";
      if (event.type === "change") event.target.value = "";
      return;
    }
    refusal.textContent = "";
    const names = Array.from(files, (file) => file.name).join(", ");
    zone.querySelector(".im-reading .words").textContent = "Lecture de " + names + " (" + inFrench(total) + ")…";
    zone.classList.add("busy");
  }

  document.addEventListener("change", (event) => receive(event, event.target.files), true);
  document.addEventListener("drop", (event) => receive(event, event.dataTransfer && event.dataTransfer.files), true);
})();
