// The field one signs in. The strokes travel as JSON in a hidden field; the server judges them.
(() => {
  "use strict";
  const medspa = window.medspa;

  medspa.each("[data-signature]", (field) => {
    const canvas = field.querySelector("canvas");
    const kept = field.querySelector("input[type=hidden]");
    const clear = field.querySelector("[data-signature-clear]");
    if (!window.SignaturePad || !canvas) return;
    field.hidden = false;
    const pad = new window.SignaturePad(canvas, { minWidth: 0.8, maxWidth: 2.4, penColor: getComputedStyle(canvas).color });

    function keep() {
      kept.value = pad.isEmpty() ? "" : JSON.stringify(pad.toData().map(({ points }) => ({ points })));
      clear.disabled = pad.isEmpty();
      field.toggleAttribute("data-signed", !pad.isEmpty());
    }
    // A canvas that changes its size is empty: what was drawn is drawn again.
    function fit() {
      const data = pad.toData(), ratio = Math.max(window.devicePixelRatio || 1, 1);
      canvas.width = canvas.offsetWidth * ratio;
      canvas.height = canvas.offsetHeight * ratio;
      canvas.getContext("2d").scale(ratio, ratio);
      pad.clear();
      pad.fromData(data);
    }
    pad.addEventListener("endStroke", keep);
    clear.addEventListener("click", () => { pad.clear(); keep(); canvas.focus(); });
    if (kept.value) {
      try { pad.fromData(JSON.parse(kept.value)); } catch { kept.value = ""; }
    }
    fit();
    keep();
    new ResizeObserver(() => { if (canvas.offsetWidth && Math.abs(canvas.width - canvas.offsetWidth * (window.devicePixelRatio || 1)) > 1) fit(); }).observe(canvas);
  });
})();
