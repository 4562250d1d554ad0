// A gesture on a group lays the page out again: the focus goes back to the button that opened its dialog, or to the
// menu it was in, wherever they are now; to the title when they are gone.
(function () {
  let opener = null;

  function opens(target) {
    const button = target.closest ? target.closest("[id]") : null;
    return button && button.id.includes('"groups":"open"') ? button : null;
  }

  function told(element) {
    if (!element) return null;
    const named = element.hasAttribute("aria-label") ? element : element.querySelector("[aria-label]");
    return named ? named.getAttribute("aria-label") : null;
  }

  function seat() {
    const all = [...document.querySelectorAll("#page .groups button")];
    const same = all.find((button) => opener.label && told(button) === opener.label);
    if (same) return same;
    const title = document.querySelector("#page h1");
    if (title) title.setAttribute("tabindex", "-1");
    return title;
  }

  document.addEventListener("click", (event) => {
    const button = opens(event.target);
    if (!button || button.closest(".modal")) return;
    const menu = button.closest(".gp-menu");
    opener = { label: told(menu ? menu.querySelector("button") : button) };
  });
  // Whoever goes on by themselves is left alone.
  for (const kind of ["keydown", "pointerdown"]) {
    document.addEventListener(kind, () => {
      if (!document.querySelector(".modal")) opener = null;
    }, true);
  }
  new MutationObserver(() => {
    if (!opener || document.querySelector(".modal") || document.activeElement !== document.body) return;
    const target = seat();
    if (target) target.focus();
  }).observe(document.documentElement, { childList: true, subtree: true });
})();
