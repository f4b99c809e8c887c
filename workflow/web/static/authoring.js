/* The editor of wordings: a fact is put in where the cursor stands; a PDF does not lock the form. */
"use strict";
(function () {
  var text = document.getElementById("f-text");
  if (!text) { return; }
  document.querySelectorAll("[data-insert]").forEach(function (place) {
    var button = document.createElement("button");
    button.type = "button";
    button.className = "fact-button";
    button.textContent = place.textContent;
    button.addEventListener("click", function () {
      var words = place.dataset.insert.replace(/\\n/g, "\n");
      text.focus();
      if (!document.execCommand || !document.execCommand("insertText", false, words)) {
        text.setRangeText(words, text.selectionStart, text.selectionEnd, "end");
      }
      text.dispatchEvent(new Event("input", { bubbles: true }));
    });
    place.replaceChildren(button);
  });
  document.querySelectorAll("button[data-file]").forEach(function (button) {
    button.addEventListener("click", function () {
      button.form.setAttribute("data-again", "");
      window.setTimeout(function () { button.form.removeAttribute("data-again"); }, 0);
    });
  });
  document.querySelectorAll("[data-line]").forEach(function (place) {
    place.addEventListener("click", function () { text.focus(); });
  });
})();
