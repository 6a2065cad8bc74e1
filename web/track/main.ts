import { mount } from "svelte";
import { language } from "$shared/i18n/language.svelte";
import { theme } from "$shared/ui/theme.svelte";
import "$shared/ui/fonts-light.css";
import "$shared/ui/tokens.css";
import "$shared/ui/base.css";
import "./track.css";
import App from "./App.svelte";

theme.apply();
language.apply();

const target = document.getElementById("app");
if (!target) throw new Error("the page has no #app");
mount(App, { target });
