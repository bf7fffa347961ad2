// Taking photos, angle by angle. Each is drawn anew on a canvas (which leaves place, time and camera behind), made
// smaller, and sent sealed to nobody but the clinic's own API; what could not be sent waits on this page.
(() => {
  "use strict";
  const LONGEST = 3000;
  const THUMBNAIL = 360;
  const MOST_BYTES = 12 * 1024 * 1024;
  const PAUSE = 4000;

  const { drawn, encoded } = window.medspa.picture;

  window.medspa.each("[data-capture]", (root) => {
    const find = (selector) => root.querySelector(selector);
    const [video, shot, ghost, grid, idle] = ["video", "shot", "ghost", "grid", "idle"].map((name) => find(`[data-${name}]`));
    const [take, keep, again, camera, file, problem] = ["take", "keep", "again", "camera", "file", "problem"].map((name) => find(`[data-${name}]`));
    const words = root.dataset;
    const waiting = [];
    let step = find("[data-step]");
    let stream = null;
    let sending = false;

    const tell = (text) => { problem.textContent = text; problem.hidden = !text; };
    const show = (what) => {
      video.hidden = what !== "video";
      shot.hidden = what !== "shot";
      idle.hidden = what !== "idle";
      take.hidden = what !== "video";
      keep.hidden = again.hidden = what !== "shot";
      camera.hidden = what === "video" || what === "shot";
      file.closest("label").hidden = what === "shot";
    };
    const overlay = () => {
      const on = (name) => find(`[data-show="${name}"]`).checked;
      ghost.hidden = !on("ghost") || !step.dataset.ghostSrc;
      grid.hidden = !on("grid");
    };
    const choose = (chosen) => {
      step = chosen;
      for (const each of root.querySelectorAll("[data-step]")) each.removeAttribute("aria-current");
      step.setAttribute("aria-current", "step");
      find("[data-angle-name]").textContent = step.dataset.label;
      if (step.dataset.ghostSrc) ghost.src = step.dataset.ghostSrc;
      tell("");
      show(stream ? "video" : "idle");
      overlay();
    };
    const count = () => {
      const steps = [...root.querySelectorAll("[data-step]")];
      find("[data-count]").textContent = `${steps.filter((each) => "taken" in each.dataset).length} / ${steps.length}`;
    };
    const state = (one, text) => { one.querySelector("[data-state]").textContent = text; };

    const stopCamera = () => {
      for (const track of stream?.getTracks() ?? []) track.stop();
      stream = null;
    };
    const startCamera = async () => {
      try {
        stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: { ideal: "environment" }, width: { ideal: 3000 } } });
        video.srcObject = stream;
        await video.play();
        show("video");
      } catch {
        stopCamera();
        tell(words.wordsCamera);
      }
    };

    const send = (one) => new Promise((done) => {
      const form = new FormData();
      for (const [name, value] of Object.entries(one.fields)) if (value) form.append(name, value);
      form.append("thumbnail", one.thumbnail, "thumbnail.jpg");
      form.append("photo", one.photo, "photo.jpg");
      const request = new XMLHttpRequest();
      request.open("POST", "/api/v1/photos/");
      request.setRequestHeader("X-CSRFToken", document.querySelector("meta[name=csrf-token]").content);
      request.setRequestHeader("Idempotency-Key", one.key);
      request.timeout = 120_000;
      request.upload.addEventListener("progress", (event) => {
        if (event.lengthComputable) state(one.step, `${words.wordsSending} ${Math.round((100 * event.loaded) / event.total)} %`);
      });
      request.addEventListener("loadend", () => { done(request); });
      request.send(form);
    });

    const drain = async () => {
      if (sending || !waiting.length) return;
      sending = true;
      const [one] = waiting;
      state(one.step, words.wordsSending);
      const answer = await send(one);
      sending = false;
      if (answer.status === 200 || answer.status === 201) {
        waiting.shift();
        one.step.dataset.taken = "";
        state(one.step, words.wordsSaved);
        window.medspa.say(`${one.step.dataset.label}: ${words.wordsSaved}`);
        tell("");
        count();
        drain();
      } else if (answer.status === 0 || answer.status === 429 || answer.status >= 500) {
        state(one.step, words.wordsWait);
        tell(words.wordsLost);
        setTimeout(drain, PAUSE);
      } else {
        waiting.shift();
        let said = null;
        try { said = JSON.parse(answer.responseText); } catch { said = null; }
        state(one.step, words.wordsWait);
        tell(said?.errors?.map((each) => each.message).join(" ") || said?.detail || said?.title || words.wordsUnreadable);
        drain();
      }
    };

    const keepShot = async () => {
      keep.disabled = true;
      const now = step;
      let photo = await encoded(shot, 0.9);
      for (let side = LONGEST * 0.8; photo.size > MOST_BYTES; side *= 0.8) photo = await encoded(drawn(shot, shot.width, shot.height, side), 0.85);
      const thumbnail = await encoded(drawn(shot, shot.width, shot.height, THUMBNAIL), 0.8);
      const preview = now.querySelector("[data-thumb]");
      const side = Math.min(shot.width, shot.height);
      preview.getContext("2d").drawImage(shot, (shot.width - side) / 2, (shot.height - side) / 2, side, side, 0, 0, 72, 72);
      preview.hidden = false;
      now.querySelector(".capture__thumb > :not(canvas)")?.remove();
      const fields = { patient: words.patient, angle: now.dataset.step, stage: words.stage, set: words.set, service: words.service, visit: words.visit, sitting: words.set ? "" : words.sitting };
      waiting.push({ fields, photo, thumbnail, key: crypto.randomUUID(), step: now });
      keep.disabled = false;
      drain();
      const next = [...root.querySelectorAll("[data-step]")].find((each) => !("taken" in each.dataset) && !waiting.some((one) => one.step === each));
      choose(next ?? now);
      (stream ? take : file).focus();
    };

    camera.addEventListener("click", startCamera);
    take.addEventListener("click", () => {
      drawn(video, video.videoWidth, video.videoHeight, LONGEST, shot);
      show("shot");
      keep.focus();
    });
    again.addEventListener("click", () => { show(stream ? "video" : "idle"); });
    keep.addEventListener("click", keepShot);
    file.addEventListener("change", async () => {
      const [chosen] = file.files;
      file.value = "";
      if (!chosen) return;
      try {
        const image = await createImageBitmap(chosen, { imageOrientation: "from-image" });
        drawn(image, image.width, image.height, LONGEST, shot);
        image.close();
        tell("");
        show("shot");
        keep.focus();
      } catch { tell(words.wordsUnreadable); }
    });
    root.addEventListener("click", (event) => {
      const chosen = event.target.closest("[data-step]");
      if (chosen) choose(chosen);
    });
    for (const each of root.querySelectorAll("[data-show]")) each.addEventListener("change", overlay);
    find("[data-more]").addEventListener("change", (event) => {
      const option = event.target.selectedOptions[0];
      if (!option.value) return;
      const item = step.closest("li").cloneNode(true);
      const button = item.querySelector("[data-step]");
      Object.assign(button.dataset, { step: option.value, label: option.textContent, ghostSrc: "" });
      delete button.dataset.taken;
      button.querySelector("b").textContent = option.textContent;
      button.querySelector("[data-thumb]").hidden = true;
      button.querySelector("img")?.remove();
      state(button, "");
      root.querySelector(".capture__steps").append(item);
      option.remove();
      count();
      choose(button);
    });
    addEventListener("online", drain);
    addEventListener("pagehide", stopCamera);
    addEventListener("beforeunload", (event) => { if (waiting.length) event.preventDefault(); });
    choose(step);
    count();
  });
})();
