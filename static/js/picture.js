// A picture drawn anew: what a browser or camera put into its file besides the picture (place, time, maker) stays behind.
(() => {
  "use strict";

  /** A JPEG without the segments in which browsers and cameras put anything but the picture. */
  const plain = async (blob) => {
    const bytes = new Uint8Array(await blob.arrayBuffer());
    const kept = [bytes.subarray(0, 2)];
    let at = 2;
    while (at + 4 <= bytes.length && bytes[at] === 0xff) {
      const marker = bytes[at + 1];
      if (marker === 0xda) break;
      const size = 2 + bytes[at + 2] * 256 + bytes[at + 3];
      const extra = (marker >= 0xe1 && marker <= 0xef && marker !== 0xee) || marker === 0xfe;
      if (!extra) kept.push(bytes.subarray(at, at + size));
      at += size;
    }
    kept.push(bytes.subarray(at));
    return new Blob(kept, { type: "image/jpeg" });
  };

  const fit = (width, height, most) => {
    const scale = Math.min(1, most / Math.max(width, height));
    return [Math.max(1, Math.round(width * scale)), Math.max(1, Math.round(height * scale))];
  };

  const drawn = (source, width, height, most, canvas = document.createElement("canvas")) => {
    [canvas.width, canvas.height] = fit(width, height, most);
    canvas.getContext("2d").drawImage(source, 0, 0, canvas.width, canvas.height);
    return canvas;
  };

  const encoded = async (canvas, quality) =>
    plain(await new Promise((done) => { canvas.toBlob(done, "image/jpeg", quality); }));

  window.medspa.picture = { drawn, encoded };
})();
