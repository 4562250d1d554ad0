// Plotly's defaults, set before the first figure is drawn: French, no logo, and no button that sends
// a figure (hence students' names) to somebody else's server. Dash loads Plotly late, so we wait for it.
(function () {
  const french = {
    moduleType: "locale",
    name: "fr",
    dictionary: {
      "Autoscale": "Échelle automatique",
      "Box Select": "Sélection rectangulaire",
      "Click to enter Plot title": "Titre du graphique",
      "Double-click to zoom back out": "Double-cliquer pour revenir",
      "Download plot as a PNG": "Enregistrer l’image (PNG)",
      "Download plot as a png": "Enregistrer l’image (PNG)",
      "Lasso Select": "Sélection au lasso",
      "Pan": "Déplacer",
      "Reset axes": "Revenir au départ",
      "Zoom": "Agrandir",
      "Zoom in": "Plus près",
      "Zoom out": "Plus loin",
    },
    format: {
      days: ["dimanche", "lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi"],
      shortDays: ["dim.", "lun.", "mar.", "mer.", "jeu.", "ven.", "sam."],
      months: ["janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre", "novembre", "décembre"],
      shortMonths: ["janv.", "févr.", "mars", "avr.", "mai", "juin", "juil.", "août", "sept.", "oct.", "nov.", "déc."],
      date: "%d/%m/%Y",
      decimal: ",",
      thousands: "\u202f",
    },
  };
  function prepare(plotly) {
    plotly.register(french);
    plotly.setPlotConfig({ locale: "fr", showSendToCloud: false, plotlyServerURL: "", displaylogo: false });
  }
  if (window.Plotly) {
    prepare(window.Plotly);
    return;
  }
  let loaded;
  Object.defineProperty(window, "Plotly", {
    configurable: true,
    get: () => loaded,
    set(plotly) {
      loaded = plotly;
      Object.defineProperty(window, "Plotly", { value: plotly, writable: true, configurable: true });
      prepare(plotly);
    },
  });
})();
