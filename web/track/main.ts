import { mount } from "svelte";
import { language } from "$shared/i18n/language.svelte";
import { theme } from "$shared/ui/theme.svelte";
import { addLightFont } from "$shared/ui/lightFont";
import "$shared/ui/tokens.css";
import "$shared/ui/base.css";
import "./track.css";
import App from "./App.svelte";
import { loadTexts } from "./i18n/texts";
import { isRoomy } from "./state/network";

theme.apply();
language.apply();

const target = document.getElementById("app");
if (!target) throw new Error("the page has no #app");
const page = target;
void loadTexts(language.current).catch(() => undefined).then(() => mount(App, { target: page }));

// The page is readable without its font: it comes after, and only where there is room.
addEventListener("load", () => { if (isRoomy()) addLightFont(); });
