// Before anything is drawn, so that a chosen theme does not flash. Not a module: those run later.
(() => {
  const chosen = (() => { try { return localStorage.getItem('sse-console.theme') } catch { return null } })()
  if (chosen === 'light' || chosen === 'dark') document.documentElement.dataset.theme = chosen
})()
