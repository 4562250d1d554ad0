// Small things the browser does for every page.
window.dash_clientside = window.dash_clientside || {};
window.dash_clientside.apdash = {
  // The tab says what the page says.
  title: function () {
    setTimeout(function () {
      const heading = document.querySelector("#page h1");
      document.title = (heading ? heading.textContent + " · " : "") + "APdash";
    }, 0);
    return "";
  },
};
