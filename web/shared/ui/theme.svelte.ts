/** Light or dark: what the person chose, else what the system says. */
export type Theme = "light" | "dark";

const STORED_AS = "promesa.theme";

function initial(): Theme {
  const stored = localStorage.getItem(STORED_AS);
  if (stored === "light" || stored === "dark") return stored;
  return matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
}

class ThemeChoice {
  current = $state<Theme>(initial());

  apply(): void {
    document.documentElement.dataset["theme"] = this.current;
  }

  toggle(): void {
    this.current = this.current === "light" ? "dark" : "light";
    localStorage.setItem(STORED_AS, this.current);
    this.apply();
  }
}

export const theme = new ThemeChoice();
