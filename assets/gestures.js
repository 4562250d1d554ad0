// Gestures: hundreds of small buttons, one listener. A click says which gesture is opened
// on what; the dialog comes from the server. After it, the focus goes back to where it came from.
(function () {
  let opener = null;

  const label = (element) => element && element.getAttribute("aria-label");

  // A gesture lays the page out again: the same button may be elsewhere, or gone.
  function seat() {
    const all = [...document.querySelectorAll("#page [data-gesture], #page summary")];
    const same = all.find((one) => opener.label && label(one) === opener.label);
    if (same) return same;
    const title = document.querySelector("#page h1");
    if (title) title.setAttribute("tabindex", "-1");
    return title;
  }

  function closeMenus(except) {
    document.querySelectorAll("details.gp-menu[open]").forEach((menu) => {
      if (menu !== except) menu.open = false;
    });
  }

  document.addEventListener("click", (event) => {
    if (!event.target.closest) return;
    const button = event.target.closest("[data-gesture]");
    closeMenus(button ? null : event.target.closest("details.gp-menu"));
    if (!button) return;
    if (!button.closest(".modal")) {
      const menu = button.closest("details.gp-menu");
      const home = menu ? menu.querySelector("summary") : button;
      opener = { label: label(home) || null };
      home.focus();
    }
    const { gesture, key } = button.dataset;
    window.dash_clientside.set_props("gesture-opened", { data: { gesture, key, at: Date.now() } });
  });

  document.addEventListener("keydown", (event) => {
    const menu = event.target.closest ? event.target.closest("details.gp-menu[open]") : null;
    if (!menu) return;
    const items = [...menu.querySelectorAll("[data-gesture]")];
    const place = items.indexOf(document.activeElement);
    if (event.key === "Escape") {
      menu.open = false;
      menu.querySelector("summary").focus();
    } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      const next = place + (event.key === "ArrowDown" ? 1 : -1);
      items[(next + items.length) % items.length].focus();
    }
  });

  // Whoever goes on by themselves is left alone.
  for (const kind of ["keydown", "pointerdown"]) {
    document.addEventListener(kind, () => {
      if (!document.querySelector(".modal")) opener = null;
    }, true);
  }
  // Later, because what is added may not be filled yet (see still.js).
  function comeBack() {
    if (!opener || document.querySelector(".modal") || document.activeElement !== document.body) return;
    const target = seat();
    if (target) target.focus();
  }
  new MutationObserver(() => {
    if (opener) setTimeout(comeBack, 0);
  }).observe(document.documentElement, { childList: true, subtree: true });
})();
