// Regrouping, step « Ajuster »: the chosen chip, the address that remembers it, and the keys P and Échap.
// The panel itself comes from the server; only what must answer at once is done here.
(function () {
  function chosen(chip) {
    document.querySelectorAll("#rg-board .chip.me").forEach(function (other) {
      other.classList.remove("me");
      other.setAttribute("aria-pressed", "false");
    });
    const url = new URL(window.location);
    url.searchParams.delete("eleve");
    if (chip) {
      chip.classList.add("me");
      chip.setAttribute("aria-pressed", "true");
      url.searchParams.set("eleve", JSON.parse(chip.id).student);
    }
    window.history.replaceState(window.history.state, "", url);
  }

  document.addEventListener("click", function (event) {
    const chip = event.target.closest("#rg-board button.chip");
    if (chip) chosen(chip);
    if (event.target.closest("#rg-close-why")) {
      const last = document.querySelector("#rg-board .chip.me");
      chosen(null);
      if (last) last.focus();
    }
  });

  function typing(element) {
    return element && (element.matches("input, textarea, select") || element.isContentEditable);
  }

  document.addEventListener("keydown", function (event) {
    const board = document.getElementById("rg-board");
    if (!board || typing(event.target) || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "Escape") {
      const close = document.getElementById("rg-close-why");
      if (close) close.click();
      return;
    }
    if (event.key === "p" || event.key === "P") {
      const pin = board.querySelector(".rg-actions [data-key='p']");
      if (pin) pin.click();
      return;
    }
    const step = { ArrowDown: 2, ArrowUp: -2, ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step || !event.target.matches("button.chip")) return;
    const chips = Array.from(board.querySelectorAll("button.chip"));
    const next = chips[chips.indexOf(event.target) + step];
    if (next) {
      event.preventDefault();
      next.focus();
    }
  });
})();
