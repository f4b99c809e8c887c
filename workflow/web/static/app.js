/* Small helps on top of pages that work without them. */
"use strict";
(function () {
  // Ask once more before a form with data-confirm is sent.
  document.addEventListener("click", function (event) {
    var button = event.target.closest && event.target.closest("button[data-confirm]");
    if (!button || button.dataset.asked === "yes" || typeof HTMLDialogElement !== "function") { return; }
    event.preventDefault();
    event.stopPropagation();
    var words = document.body.dataset;
    var dialog = document.createElement("dialog");
    dialog.className = "ask";
    var text = document.createElement("p");
    text.id = "ask-text";
    text.textContent = button.dataset.confirm;
    dialog.setAttribute("aria-labelledby", "ask-text");
    var line = document.createElement("div");
    line.className = "form-actions";
    var yes = document.createElement("button");
    yes.type = "button";
    yes.className = "btn btn-primary";
    yes.dataset.answer = "yes";
    var label = button.cloneNode(true);
    label.querySelectorAll(".visually-hidden").forEach(function (more) { more.remove(); });
    yes.textContent = label.textContent.trim() || words.yes;
    var no = document.createElement("button");
    no.type = "button";
    no.className = "btn btn-outline-secondary";
    no.dataset.answer = "no";
    no.textContent = words.no || "Cancel";
    yes.addEventListener("click", function () {
      dialog.close();
      button.dataset.asked = "yes";
      button.click();
      delete button.dataset.asked;
    });
    no.addEventListener("click", function () { dialog.close(); });
    dialog.addEventListener("close", function () { dialog.remove(); button.focus(); });
    line.append(yes, no);
    dialog.append(text, line);
    document.body.append(dialog);
    dialog.showModal();
    no.focus();
  }, true);

  // A form is sent once: the button rests until the answer comes.
  document.addEventListener("submit", function (event) {
    var form = event.target;
    if (event.defaultPrevented || form.method !== "post" || form.hasAttribute("data-again")) { return; }
    if (form.dataset.sent === "yes") { event.preventDefault(); return; }
    form.dataset.sent = "yes";
    window.setTimeout(function () { delete form.dataset.sent; }, 4000);
  });
  window.addEventListener("pageshow", function () {
    document.querySelectorAll("form[data-sent]").forEach(function (form) { delete form.dataset.sent; });
  });

  // The error summary takes the focus when the page comes back with errors.
  var summary = document.querySelector("[data-focus]");
  if (summary) { summary.focus(); }

  // A list of choices that acts by itself; its button stays for those without scripts.
  document.addEventListener("change", function (event) {
    var field = event.target;
    if (field.matches && field.matches("[data-submit]") && field.form) { field.form.requestSubmit(); }
  });
  document.querySelectorAll("[data-print]").forEach(function (button) {
    button.hidden = false;
    button.addEventListener("click", function () { window.print(); });
  });

  // On a phone a row stands as a block: each cell bears its heading, and keeps its part for a screen reader.
  document.querySelectorAll("table.table-stack").forEach(function (table) {
    var heads = Array.from(table.querySelectorAll("thead th")).map(function (head) {
      return head.querySelector(".visually-hidden") ? "" : head.textContent.trim();
    });
    table.setAttribute("role", "table");
    table.querySelectorAll("thead, tbody").forEach(function (group) { group.setAttribute("role", "rowgroup"); });
    table.querySelectorAll("tr").forEach(function (row) {
      row.setAttribute("role", "row");
      Array.from(row.cells).forEach(function (cell, index) {
        var heading = cell.tagName === "TH";
        cell.setAttribute("role", heading ? (cell.scope === "col" ? "columnheader" : "rowheader") : "cell");
        if (!heading && heads[index] && cell.colSpan === 1) { cell.dataset.label = heads[index]; }
      });
    });
    table.classList.add("stacked");
  });

  // What is put anew takes the pressed button away, and the focus with it: it goes on at what came, not at the page's top.
  document.addEventListener("htmx:afterSettle", function (event) {
    var place = event.target.querySelector && event.target.querySelector("[data-swap-focus]");
    if (place && document.activeElement === document.body) { place.focus(); }
  });

  // htmx sends the token with every request that changes something.
  document.addEventListener("htmx:configRequest", function (event) {
    var token = document.querySelector('meta[name="csrf-token"]');
    if (token && event.detail.verb !== "get") { event.detail.headers["X-CSRFToken"] = token.content; }
  });
})();
