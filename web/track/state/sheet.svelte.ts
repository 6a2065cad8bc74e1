/** The form that is open over the page, kept in the address so that "back" closes it. */
export const SHEETS = ["instruccion", "recibe", "direccion", "otro-dia", "cancelar", "devolver", "mensajes", "contacto"] as const;
export type SheetName = (typeof SHEETS)[number];

function read(): SheetName | undefined {
  return SHEETS.find((name) => name === location.hash.slice(1));
}

class Sheet {
  open = $state<SheetName | undefined>(read());

  constructor() {
    addEventListener("hashchange", () => { this.open = read(); });
  }

  show(name: SheetName): void {
    location.hash = name;
  }

  close(): void {
    history.replaceState(null, "", location.pathname);
    this.open = undefined;
  }
}

export const sheet = new Sheet();
