// The theme button: system, light, dark, and round again.

const themes = ["system", "light", "dark"] as const;

/** Brings the button to life. Nothing is remembered: the page keeps no state outside itself. */
export function startTheme(button: HTMLButtonElement): void {
  let at = 0;
  button.hidden = false;
  button.addEventListener("click", () => {
    at = (at + 1) % themes.length;
    const theme = themes[at] ?? "system";
    button.textContent = `Theme: ${theme}`;
    document.documentElement.dataset["theme"] = theme;
  });
}
