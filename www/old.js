// For a browser in which the page's own scripts cannot start: it says whom to ask instead of showing a dead form.
(function () {
  function old() {
    document.documentElement.className = 'old';
  }
  if (!('noModule' in document.createElement('script'))) old();
  // A script that did not arrive, or in a language that this browser does not speak yet.
  addEventListener(
    'error',
    function (event) {
      var script = /** @type {any} */ (event.target).type === 'module';
      if (script || /SyntaxError/.test(event.message)) old();
    },
    true,
  );
})();
