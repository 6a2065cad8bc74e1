import { language } from "$shared/i18n/language.svelte";
import { beforeEach } from "vitest";

/** Words are tested as people in Chile read them, whatever the machine speaks; a test that wants English says so. */
beforeEach(() => { language.current = "es"; });
