// Runs only where modules are unknown: says whom to ask instead of leaving a dead form.
document.addEventListener('DOMContentLoaded', function () {
  /** @type {HTMLElement} */ (document.getElementById('old')).hidden = false;
  /** @type {HTMLElement} */ (document.getElementById('question')).hidden = true;
});
