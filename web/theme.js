// Sets the theme chosen for this browser (src/theme/mod.rs) before anything is painted: otherwise a dark page would
// flash white. A classic script in the head, so that the page waits for it, as it does for the styles.
try {
  const theme = localStorage.getItem("credmgr.theme");
  if (theme === "light" || theme === "dark") {
    document.documentElement.dataset.theme = theme;
  }
} catch {
  // The browser may forbid storage; the system's theme applies then.
}
