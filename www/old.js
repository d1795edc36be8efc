// Runs only where modules are unknown: says whom to ask instead of leaving a dead form.
document.addEventListener('DOMContentLoaded', function () {
  document.getElementById('old').hidden = false;
  document.getElementById('question').hidden = true;
});
