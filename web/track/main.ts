import { mount } from "svelte";
import { language } from "$shared/i18n/language.svelte";
import { theme } from "$shared/ui/theme.svelte";
import "$shared/ui/tokens.css";
import "$shared/ui/base.css";
import "./track.css";
import App from "./App.svelte";
import { isRoomy } from "./state/network";

theme.apply();
language.apply();

const target = document.getElementById("app");
if (!target) throw new Error("the page has no #app");
mount(App, { target });

// The page is readable without its font, which weighs as much as all the rest: it comes after, and only where there is room.
addEventListener("load", () => { if (isRoomy()) void import("$shared/ui/fonts-light.css"); });
