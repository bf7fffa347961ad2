// Signing up: says as you type whether an address can be had, and suggests one from the clinic's name.
(() => {
  "use strict";
  const medspa = window.medspa;

  medspa.each("[data-slug-check]", (section) => {
    const field = section.querySelector("[data-slug]");
    const verdict = section.querySelector("[data-verdict]");
    const form = field.form;
    const name = form.querySelector("[data-slug-from]");
    let touched = field.value !== "";
    let timer = 0;
    let asked = 0;

    function line(text, kind) {
      const made = document.createElement("p");
      made.textContent = text;
      if (kind) made.className = kind;
      return made;
    }

    function show(answer) {
      if (!touched && answer.free) field.value = answer.slug;
      verdict.dataset.free = answer.free ? "yes" : "no";
      verdict.replaceChildren();
      if (answer.message) verdict.append(line(answer.message));
      if (!answer.suggestion) return;
      const take = document.createElement("button");
      take.type = "button";
      take.className = "btn btn--small";
      take.textContent = medspa.fill(section.dataset.try, { slug: answer.suggestion });
      take.addEventListener("click", () => { field.value = answer.suggestion; touched = true; field.focus(); ask(); });
      verdict.append(take);
    }

    async function ask() {
      const number = ++asked;
      const query = new URLSearchParams({ slug: touched ? field.value : "", name: name.value, city: form.elements.city.value });
      if (!query.get("slug") && !query.get("name")) return;
      try {
        const answer = await fetch(`${section.dataset.slugCheck}?${query}`, { headers: { Accept: "application/json" } });
        if (answer.ok && number === asked) show(await answer.json());
      } catch { /* offline: the form itself is checked when it is sent */ }
    }

    function soon() {
      clearTimeout(timer);
      timer = setTimeout(ask, 300);
    }

    field.addEventListener("input", () => { touched = field.value !== ""; soon(); });
    name.addEventListener("change", () => { if (!touched) soon(); });
    name.addEventListener("input", () => { if (!touched) soon(); });
  });
})();
