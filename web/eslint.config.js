import js from "@eslint/js";
import svelte from "eslint-plugin-svelte";
import globals from "globals";
import ts from "typescript-eslint";
import svelteConfig from "./svelte.config.js";

const FACES = ["tower", "driver", "track"];
const LINES_MAX = 250;

/** Each audience's page imports only shared; shared imports no page. */
const boundaries = [...FACES, "shared"].map((folder) => ({
  files: [`${folder}/**/*.{ts,svelte}`],
  rules: {
    "no-restricted-imports": [
      "error",
      {
        patterns: FACES.filter((face) => face !== folder).map((face) => ({
          regex: `(^|/)${face}/`,
          message: `${folder} must not import ${face}: the faces share only web/shared.`,
        })),
      },
    ],
  },
}));

export default ts.config(
  { ignores: ["node_modules", "shared/api/schema.ts"] },
  js.configs.recommended,
  ...ts.configs.strict,
  ...svelte.configs.recommended,
  { languageOptions: { globals: { ...globals.browser, ...globals.node, ...globals.serviceworker } } },
  {
    files: ["**/*.svelte", "**/*.svelte.ts"],
    languageOptions: { parserOptions: { parser: ts.parser, extraFileExtensions: [".svelte"], svelteConfig } },
  },
  {
    rules: {
      "max-lines": ["error", { max: LINES_MAX }],
      // The compiler checks types better, and the rule does not know TypeScript's globals.
      "no-undef": "off",
      // Hash addresses need no SvelteKit resolver.
      "svelte/no-navigation-without-resolve": "off",
      eqeqeq: "error",
      "no-console": "error",
    },
  },
  ...boundaries,
);
