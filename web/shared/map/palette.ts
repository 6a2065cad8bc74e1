/** Colours of our own basemap. Streets recede; the marks drawn over them come from the tokens. */
export type MapTheme = "light" | "dark" | "sun";

export interface Palette {
  land: string;
  park: string;
  water: string;
  minor: string;
  tertiary: string;
  secondary: string;
  primary: string;
  motorway: string;
  minorCase: string;
  primaryCase: string;
  motorwayCase: string;
  name: string;
  nameHalo: string;
  place: string;
}

export const PALETTES: Record<MapTheme, Palette> = {
  light: {
    land: "#ECEBE6", park: "#E1E6D8", water: "#D5DDE2", minor: "#F6F5F2", tertiary: "#FFFFFF", secondary: "#FFFFFF",
    primary: "#FFFFFF", motorway: "#DAD7CE", minorCase: "#E2E0DA", primaryCase: "#D3D1C9", motorwayCase: "#C4C1B8",
    name: "#5E6163", nameHalo: "#F4F3EF", place: "#686B6C",
  },
  dark: {
    land: "#14181E", park: "#151D1B", water: "#101A24", minor: "#1B2027", tertiary: "#20262E", secondary: "#262D36",
    primary: "#2B333D", motorway: "#343E4A", minorCase: "#14181E", primaryCase: "#14181E", motorwayCase: "#14181E",
    name: "#7F8894", nameHalo: "#14181E", place: "#7A8591",
  },
  sun: {
    land: "#FFFFFF", park: "#EDF2E6", water: "#DCE8EE", minor: "#DFDFDA", tertiary: "#D2D2CC", secondary: "#C6C6BF",
    primary: "#B9B9B1", motorway: "#A9A9A2", minorCase: "#FFFFFF", primaryCase: "#FFFFFF", motorwayCase: "#FFFFFF",
    name: "#3F4449", nameHalo: "#FFFFFF", place: "#3F4449",
  },
};

const TOKENS = ["ink", "surface", "brand", "on-brand", "map-land", "map-halo", "ok-m", "risk-m", "late-m", "fail-m", "done-m"] as const;
export type MarkColours = Record<(typeof TOKENS)[number], string>;

/** Reads the tokens the marks are drawn with, so that map and page never drift apart. */
export function readMarkColours(): MarkColours {
  const style = getComputedStyle(document.documentElement);
  return Object.fromEntries(TOKENS.map((name) => [name, style.getPropertyValue(`--${name}`).trim()])) as MarkColours;
}
