// Regrouping, step « Ajuster »: the chosen chip shows at once (the panel comes from the server a moment later),
// P fixes the student's place, Échap closes the panel, arrows go from chip to chip.
(function () {
  document.addEventListener("click", function (event) {
    const chip = event.target.closest("#rg-board button.chip");
    const closed = event.target.closest("#rg-close-why");
    if (!chip && !closed) return;
    const last = document.querySelector("#rg-board .chip.me");
    document.querySelectorAll("#rg-board .chip.me").forEach(function (other) {
      other.classList.remove("me");
      other.setAttribute("aria-pressed", "false");
    });
    if (closed) {
      if (last) last.focus();
      return;
    }
    chip.classList.add("me");
    chip.setAttribute("aria-pressed", "true");
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
