// The agenda: dozens of small buttons, one listener. A click says what the side panel shows; it comes from the server.
// Once the panel is closed, the focus goes back to where it came from, even after the page was laid out again.
(function () {
  let opener = null;

  const label = (element) => element.getAttribute("aria-label") || element.textContent;

  document.addEventListener("click", (event) => {
    const button = event.target.closest ? event.target.closest("[data-agenda]") : null;
    if (!button) return;
    if (!button.closest(".offcanvas")) opener = { label: label(button), top: window.scrollY };
    const { agenda, key } = button.dataset;
    window.dash_clientside.set_props("agenda-opened", { data: { what: agenda, key, at: Date.now() } });
  });

  function comeBack() {
    if (!opener || document.querySelector(".offcanvas.show, .offcanvas.showing, .offcanvas-backdrop")) return;
    if (document.activeElement !== document.body) return;
    const all = [...document.querySelectorAll("#page [data-agenda]")];
    const target = all.find((one) => label(one) === opener.label);
    if (!target) return;
    target.focus({ preventScroll: true });
    window.scrollTo(0, opener.top);
  }

  // Whoever goes on by themselves is left alone.
  for (const kind of ["keydown", "pointerdown"]) {
    document.addEventListener(kind, () => {
      if (!document.querySelector(".offcanvas")) opener = null;
    }, true);
  }
  // Later, because what is added may not be filled yet (see still.js).
  new MutationObserver(() => {
    if (opener) setTimeout(comeBack, 0);
  }).observe(document.documentElement, { childList: true, subtree: true });
})();
