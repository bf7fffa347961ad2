// Sending a document: dropped or chosen, pictures drawn anew without place and time, with how far it has come. Without
// script the form is an ordinary one.
(() => {
  "use strict";
  const LONGEST = 3000;
  const MOST_BYTES = 12 * 1024 * 1024;
  const REFUSED = 422;
  const { drawn, encoded } = window.medspa.picture;

  /** A photo of a paper as a plain JPEG of at most 12 MB; what is no picture as it is. */
  const prepared = async (file) => {
    if (!file.type.startsWith("image/")) return file;
    const source = await createImageBitmap(file);
    let picture = await encoded(drawn(source, source.width, source.height, LONGEST), 0.9);
    for (let side = LONGEST * 0.8; picture.size > MOST_BYTES; side *= 0.8) {
      picture = await encoded(drawn(source, source.width, source.height, side), 0.85);
    }
    source.close();
    return picture;
  };

  window.medspa.each("form[data-upload]", (form) => {
    const find = (name) => form.querySelector(`[data-${name}]`);
    const [drop, name, going, bar, percent, problem] = ["drop", "name", "going", "bar", "percent", "problem"].map(find);
    const input = form.querySelector("input[type=file]");
    const button = form.querySelector("button.btn--primary");

    const tell = (text) => {
      problem.querySelector("span").textContent = text;
      problem.hidden = !text;
      input.setAttribute("aria-invalid", String(Boolean(text)));
    };
    const chosen = () => {
      name.textContent = input.files[0]?.name ?? "";
      name.hidden = !input.files.length;
      tell("");
    };
    const idle = () => {
      going.hidden = true;
      button.disabled = false;
    };

    input.addEventListener("change", chosen);
    for (const kind of ["dragenter", "dragover"]) {
      drop.addEventListener(kind, (event) => {
        event.preventDefault();
        drop.classList.add("drop--over");
      });
    }
    for (const kind of ["dragleave", "drop"]) drop.addEventListener(kind, () => { drop.classList.remove("drop--over"); });
    drop.addEventListener("drop", (event) => {
      event.preventDefault();
      if (!event.dataTransfer.files.length) return;
      const [first] = event.dataTransfer.files;
      const one = new DataTransfer();
      one.items.add(first);
      input.files = one.files;
      chosen();
    });

    const send = (file) => {
      const fields = new FormData(form);
      fields.delete("file");
      if (file) fields.append("file", file, "file");
      const request = new XMLHttpRequest();
      request.open("POST", form.action);
      request.setRequestHeader("HX-Request", "true");
      request.upload.addEventListener("progress", (event) => {
        if (!event.lengthComputable) return;
        bar.value = Math.round((100 * event.loaded) / event.total);
        percent.textContent = `${bar.value} %`;
      });
      request.addEventListener("loadend", () => {
        const to = request.getResponseHeader("HX-Redirect");
        if (to || request.status === 200) {
          window.location.assign(to ?? request.responseURL); // a session that ended leads to the sign-in
        } else if (request.status === REFUSED || request.status === 429) {
          const page = new DOMParser().parseFromString(request.responseText, "text/html");
          document.getElementById("main").replaceWith(page.getElementById("main"));
          document.getElementById("main").dispatchEvent(new CustomEvent("medspa:content", { bubbles: true }));
        } else {
          idle();
          tell(form.dataset.wordsLost);
        }
      });
      request.send(fields);
    };

    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      button.disabled = true;
      going.hidden = false;
      bar.value = 0;
      try {
        send(input.files.length ? await prepared(input.files[0]) : null);
      } catch {
        idle();
        tell(form.dataset.wordsPicture);
      }
    });
  });
})();
