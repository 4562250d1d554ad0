// Regrouping, step « Ajuster »: the chosen chip shows at once (its panel comes from the server a moment later),
// Échap closes the panel, P fixes the place of the panel's student. Dragging is in regrouping-drag.js.
(function () {
  let opener = null; // the chip or the button whose panel is open

  function board() {
    return document.getElementById("rg-board");
  }

  function choose(chip) {
    board().querySelectorAll(".chip.me").forEach(function (other) {
      other.classList.remove("me");
      other.setAttribute("aria-pressed", "false");
    });
    if (!chip) return;
    chip.classList.add("me");
    chip.setAttribute("aria-pressed", "true");
  }

  document.addEventListener("click", function (event) {
    if (!board() || !event.target.closest) return;
    const chip = event.target.closest("#rg-board button.chip");
    if (chip) {
      choose(chip);
      window.dash_clientside.set_props("rg-opened", { data: { student: chip.dataset.student, at: Date.now() } });
      opener = chip;
    } else if (event.target.closest("#rg-board .gwhy")) {
      opener = event.target.closest(".gwhy");
      choose(null);
      window.dash_clientside.set_props("rg-opened", { data: { group: opener.dataset.why, at: Date.now() } });
    } else if (event.target.closest("#rg-board .rg-ask")) {
      // Not a callback of the button: its list is laid out again as figures come, which would call off the answer.
      const place = JSON.parse(event.target.closest(".rg-ask").id);
      window.dash_clientside.set_props("rg-asked", { data: Object.assign({ at: Date.now() }, place) });
    } else if (event.target.closest("#rg-close-why")) {
      // By the same way as opening: an answer to one that comes late never undoes the other.
      window.dash_clientside.set_props("rg-opened", { data: { at: Date.now() } });
      const last = board().querySelector(".chip.me") || opener;
      choose(null);
      if (last && last.isConnected) last.focus();
    }
  });

  document.addEventListener("keydown", function (event) {
    if (!board() || event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target.matches("input, textarea, select") || event.target.isContentEditable) return;
    if (event.key === "Escape") {
      const close = document.getElementById("rg-close-why");
      if (close) close.click();
    } else if (event.key === "p" || event.key === "P") {
      const pin = board().querySelector(".rg-actions [data-key='p']");
      if (pin) pin.click();
    }
  });
})();
