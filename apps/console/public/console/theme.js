// Sets the chosen theme before anything is painted. A file of its own, because the content security policy refuses inline scripts.
(() => {
  try {
    const theme = localStorage.getItem('console.theme');
    if (theme === 'light' || theme === 'dark') document.documentElement.dataset.theme = theme;
  } catch {
    // Storage is refused: the system decides.
  }
})();
