// Runs only where modules are unknown: says whom to ask instead of leaving a dead form.
document.documentElement.className = 'old';
