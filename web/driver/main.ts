import { mount } from "svelte";
import { language } from "$shared/i18n/language.svelte";
import "$shared/ui/fonts.css";
import "$shared/ui/tokens.css";
import "$shared/ui/base.css";
import "./driver.css";
import App from "./App.svelte";

language.apply();
// The driver's page is for the sun: it has one theme.
document.documentElement.dataset["theme"] = "light";
if (isSecureContext && "serviceWorker" in navigator && import.meta.env.PROD) void navigator.serviceWorker.register("/conductor/sw.js", { scope: "/conductor/" });

const target = document.getElementById("app");
if (!target) throw new Error("the page has no #app");
mount(App, { target });
