// What is drawn on a photo: vectors in a layer above it, kept beside it, in parts of its width and height.
(() => {
  "use strict";
  const SVG = "http://www.w3.org/2000/svg";
  const make = (name, attributes) => {
    const element = document.createElementNS(SVG, name);
    for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
    return element;
  };

  window.medspa.each("[data-marks]", (root) => {
    const layer = root.querySelector("[data-layer]");
    const form = root.closest("form");
    const kept = form.elements.marks;
    const tools = form.querySelector("[data-tools]");
    const [width, height] = [Number(root.dataset.width), Number(root.dataset.height)];
    const unit = Math.max(width, height) / 300;
    let marks = [];
    try { marks = JSON.parse(kept.value); } catch { marks = []; }

    const shapes = {
      arrow: ([[x1, y1], [x2, y2]]) => {
        const angle = Math.atan2(y2 - y1, x2 - x1);
        const wing = (turn) => `${x2 - 6 * unit * Math.cos(angle + turn)},${y2 - 6 * unit * Math.sin(angle + turn)}`;
        return make("path", { d: `M${x1},${y1} L${x2},${y2} M${wing(0.5)} L${x2},${y2} L${wing(-0.5)}` });
      },
      circle: ([[x1, y1], [x2, y2]]) => make("ellipse", { cx: (x1 + x2) / 2, cy: (y1 + y2) / 2, rx: Math.abs(x2 - x1) / 2, ry: Math.abs(y2 - y1) / 2 }),
      pen: (points) => make("polyline", { points: points.map((each) => each.join(",")).join(" ") }),
      text: ([[x, y]], mark) => {
        const words = make("text", { x, y, "font-size": 9 * unit });
        words.textContent = mark.text;
        return words;
      },
    };
    const draw = (shown = marks) => {
      layer.replaceChildren(...shown.map((mark) => {
        const shape = shapes[mark.kind](mark.points.map(([x, y]) => [x * width, y * height]), mark);
        shape.setAttribute("class", `marks__${mark.kind} marks--${mark.tone}`);
        if (mark.kind !== "text") shape.setAttribute("stroke-width", 1.4 * unit);
        return shape;
      }));
    };
    const change = (next) => { marks = next; kept.value = JSON.stringify(marks); draw(); };
    draw();
    if (!tools) return;

    const chosen = (name) => tools.querySelector(`[name=${name}]:checked`).value;
    const place = (event) => {
      const box = layer.getBoundingClientRect();
      const part = (value) => Math.round(Math.min(1, Math.max(0, value)) * 10_000) / 10_000;
      return [part((event.clientX - box.left) / box.width), part((event.clientY - box.top) / box.height)];
    };
    let open = null;
    layer.addEventListener("pointerdown", (event) => {
      const kind = chosen("tool");
      const words = tools.querySelector("[data-words]");
      if (kind === "text") {
        if (words.value.trim()) change([...marks, { kind, tone: chosen("tone"), points: [place(event)], text: words.value.trim() }]);
        else words.focus();
        event.preventDefault();
        return;
      }
      layer.setPointerCapture(event.pointerId);
      open = { kind, tone: chosen("tone"), points: [place(event), place(event)] };
    });
    layer.addEventListener("pointermove", (event) => {
      if (!open) return;
      if (open.kind === "pen" && open.points.length < 400) open.points.push(place(event));
      else open.points[open.points.length - 1] = place(event);
      draw([...marks, open]);
    });
    const end = () => {
      if (!open) return;
      const [[x1, y1], last] = [open.points[0], open.points.at(-1)];
      if (open.kind === "pen" || Math.hypot(last[0] - x1, last[1] - y1) > 0.01) change([...marks, open]);
      else draw();
      open = null;
    };
    layer.addEventListener("pointerup", end);
    layer.addEventListener("pointercancel", end);
    tools.addEventListener("click", (event) => {
      if (event.target.closest("[data-undo]")) change(marks.slice(0, -1));
      else if (event.target.closest("[data-clear]")) change([]);
    });
    tools.addEventListener("keydown", (event) => { if (event.key === "Enter") event.preventDefault(); });
  });
})();
