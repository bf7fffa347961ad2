// Injection map: a click on the drawing puts a point there, with what the brush holds.
(() => {
  "use strict";
  document.addEventListener("click", (event) => {
    const drawing = event.target.closest?.("[data-injections] svg.face");
    if (!drawing || event.target.closest("a")) return;
    const brush = document.getElementById("brush");
    if (!brush) return;
    // The drawing is shown whole and centred: its own matrix says where in it the pointer is.
    const spot = new DOMPoint(event.clientX, event.clientY).matrixTransform(drawing.getScreenCTM().inverse());
    const { width, height } = drawing.viewBox.baseVal;
    const x = Math.round((spot.x / width) * 1000);
    const y = Math.round((spot.y / height) * 1000);
    if (x < 0 || y < 0 || x > 1000 || y > 1000) return;
    const fields = brush.elements;
    fields.namedItem("x").value = x;
    fields.namedItem("y").value = y;
    fields.namedItem("site").value = "";
    brush.requestSubmit();
  });
})();
