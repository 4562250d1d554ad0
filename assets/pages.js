// Small things the browser does for every page.
window.dash_clientside = window.dash_clientside || {};
window.dash_clientside.apdash = {
  // The tab says what the page says.
  title: function () {
    setTimeout(function () {
      const heading = document.querySelector("#page h1");
      document.title = (heading ? heading.textContent + " · " : "") + "APdash";
      const menu = document.querySelector(".nav-menu");
      if (menu) menu.open = false;
      // On a narrow screen the menus scroll sideways: what is open stands in sight.
      document.querySelectorAll(".topnav [aria-current], .side-nav [aria-current], .seg .on").forEach(function (now) {
        const row = now.parentElement;
        if (row.scrollWidth > row.clientWidth) {
          row.scrollLeft += now.getBoundingClientRect().left - row.getBoundingClientRect().left - 40;
        }
      });
    }, 0);
    return "";
  },
};

// The cross of a dialog comes with an English name; dialogs are added to the body as they open.
new MutationObserver(function (changes) {
  changes.forEach(function (change) {
    change.addedNodes.forEach(function (added) {
      if (!added.querySelectorAll) return;
      added.querySelectorAll('.btn-close[aria-label="Close"]').forEach(function (cross) {
        cross.setAttribute("aria-label", "Fermer");
      });
    });
  });
}).observe(document.documentElement, { childList: true, subtree: true });
