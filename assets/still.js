// Parts of a page that only show arrive as ready HTML in an attribute, escaped by the server: this puts them in place.
// A thousand rows then cost the browser one component instead of a thousand. See components/still.py.
(function () {
  const shown = new WeakMap();

  function fill(element) {
    const wanted = element.dataset.still;
    if (shown.get(element) === wanted) return;
    shown.set(element, wanted);
    element.innerHTML = wanted;
  }

  function fillAll(root) {
    if (root.nodeType !== Node.ELEMENT_NODE) return;
    if (root.dataset.still !== undefined) fill(root);
    root.querySelectorAll("[data-still]").forEach(fill);
  }

  new MutationObserver((changes) => {
    for (const change of changes) {
      if (change.type === "attributes") fill(change.target);
      else change.addedNodes.forEach(fillAll);
    }
  }).observe(document.documentElement, {
    childList: true, subtree: true, attributes: true, attributeFilter: ["data-still"],
  });

  // The links inside move through the application the way its own links do.
  document.addEventListener("click", (event) => {
    const link = event.target.closest ? event.target.closest("a[data-inside]") : null;
    if (!link || event.defaultPrevented || event.button || event.metaKey || event.ctrlKey || event.shiftKey) return;
    event.preventDefault();
    window.history.pushState({}, "", link.getAttribute("href"));
    window.dispatchEvent(new CustomEvent("_dashprivate_pushstate"));
    window.scrollTo(0, 0);
  });
})();
