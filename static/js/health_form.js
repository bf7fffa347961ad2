// A health form: a question that hangs on an answer shows once it was given. The server decides anew what counts.
(() => {
  const form = document.querySelector("[data-intake]");
  if (!form) return;
  const asked = [...form.querySelectorAll("[data-asks]")];
  const given = (name) =>
    [...form.querySelectorAll("input:checked")].filter((each) => each.name === name).map((each) => each.value);
  const refresh = () => {
    for (const each of asked) {
      const parent = form.querySelector(`[name="${each.dataset.asks}"]`)?.closest("[data-asks]");
      const wants = each.dataset.wants.split(" ");
      each.hidden = Boolean(parent?.hidden) || !given(each.dataset.asks).some((value) => wants.includes(value));
    }
  };
  form.addEventListener("change", refresh);
  refresh();
})();
