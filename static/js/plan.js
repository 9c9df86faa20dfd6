// The plan of the port: own GeoJSON, no tiles. It says nothing that the list beside it does not.
(() => {
  "use strict";
  let map = null;
  let layer = null;

  const sign = (code, word) => {
    const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    svg.setAttribute("class", "glyph");
    svg.setAttribute("role", "img");
    svg.setAttribute("aria-label", word);
    const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
    use.setAttribute("href", `#g-${code}`);
    svg.append(use);
    return svg;
  };

  const marker = (feature, at) => {
    const { kind, state, word, label } = feature.properties;
    const holder = document.createElement("span");
    if (kind === "label") holder.textContent = label;
    else {
      holder.append(sign(state, `${label}: ${word}`));
      holder.title = `${label}: ${word}`;
    }
    const icon = L.divIcon({
      html: holder, iconSize: kind === "label" ? null : [22, 22],
      className: kind === "label" ? "plan-label" : `plan-device plan-device--${state}`,
    });
    // Too many and too small to press: the list beside it leads to each device.
    return L.marker(at, { icon, keyboard: false, interactive: false });
  };

  const draw = async (element) => {
    const answer = await fetch(element.dataset.plan, { headers: { Accept: "application/json" } });
    if (!answer.ok) return;
    const plan = await answer.json();
    layer?.remove();
    layer = L.geoJSON(plan, {
      pointToLayer: marker,
      style: (feature) => ({ className: feature.properties.css, weight: 1, fillOpacity: 1 }),
      onEachFeature: (feature, shape) => {
        if (feature.properties.url) shape.on("click keypress", (event) => {
          if (!event.originalEvent.key || event.originalEvent.key === "Enter") window.location.assign(feature.properties.url);
        });
      },
    }).addTo(map);
    if (!map.joccFitted) { map.fitBounds(layer.getBounds(), { padding: [8, 8] }); map.joccFitted = true; }
  };

  const open = () => {
    const element = document.getElementById("plan");
    if (!element) return;
    if (!map) {
      map = L.map(element, { attributionControl: false, zoomControl: false, zoomSnap: 0.25, fadeAnimation: false, zoomAnimation: false, markerZoomAnimation: false });
      L.control.zoom({ zoomInTitle: element.dataset.zoomIn, zoomOutTitle: element.dataset.zoomOut }).addTo(map);
      map.setView([0, 0], 16);
    }
    map.invalidateSize();
    draw(element);
  };

  document.addEventListener("jocc:view", (event) => { if (event.detail === "plan") open(); });
  document.addEventListener("jocc:merged", (event) => {
    const element = document.getElementById("plan");
    if (event.target.id === "lanes" && map && element?.offsetParent) draw(element);
  });
  document.addEventListener("DOMContentLoaded", () => { if (document.querySelector("[data-plan][data-open]")) open(); });
})();
