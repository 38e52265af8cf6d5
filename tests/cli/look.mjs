// Looks at a page in Chromium at three widths and in both themes, on paper too, and says what is wrong with it.
//
//   node look.mjs PLAYWRIGHT AXE HTML_VALIDATE PAGE DIRECTORY
//
// Writes one picture for each width and theme into DIRECTORY, and prints a JSON list of what is wrong.

import fs from "node:fs";
import path from "node:path";
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";

const [playwrightPath, axePath, validatorPath, page, directory] = process.argv.slice(2);
const require = createRequire(import.meta.url);
const { chromium } = require(playwrightPath);
const { HtmlValidate, StaticConfigLoader } = require(validatorPath);

const WIDTHS = [360, 768, 1440];
const THEMES = ["light", "dark"];
const wrong = [];

const config = {
  extends: ["html-validate:recommended", "html-validate:a11y"],
  rules: {
    // Widths of bars and places of marks are data; a style sheet cannot hold them.
    "no-inline-style": "off",
    // The page is written without the end tags and line ends that a person would write.
    "void-style": ["error", { style: "omit" }],
    "doctype-style": "off",
    "no-trailing-whitespace": "off",
    "long-title": "off",
  },
};
const validator = new HtmlValidate(new StaticConfigLoader(config));
const report = await validator.validateString(fs.readFileSync(page, "utf8"));
for (const result of report.results) {
  for (const message of result.messages) {
    wrong.push(`html-validate ${message.ruleId} at ${message.line}:${message.column}: ${message.message}`);
  }
}

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM || "/usr/bin/chromium",
  args: [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
  ],
});
try {
  for (const colorScheme of THEMES) {
    for (const width of WIDTHS) {
      const where = `${width} px, ${colorScheme}`;
      const context = await browser.newContext({ viewport: { width, height: 900 }, colorScheme, bypassCSP: true });
      const tab = await context.newPage();
      tab.on("console", (message) => wrong.push(`${where}: console ${message.type()}: ${message.text()}`));
      tab.on("pageerror", (error) => wrong.push(`${where}: ${error}`));
      tab.on("request", (request) => {
        if (!request.url().startsWith("file:")) wrong.push(`${where}: asks for ${request.url()}`);
      });
      await tab.goto(pathToFileURL(page).href);
      const measured = await tab.evaluate(() => {
        const root = document.scrollingElement;
        const outside = [...document.querySelectorAll("body *")].filter((element) => {
          const box = element.getBoundingClientRect();
          const scrolls = element.closest(".scrolls");
          return box.right > innerWidth + 1 && !scrolls && !element.closest(".skip") && box.width > 1;
        });
        const small = [...document.querySelectorAll("main td, main th, main p")].filter(
          (element) => parseFloat(getComputedStyle(element).fontSize) < 11,
        );
        return {
          overflow: root.scrollWidth - innerWidth,
          outside: outside.slice(0, 5).map((element) => element.outerHTML.slice(0, 120)),
          small: small.length,
          height: root.scrollHeight,
          background: getComputedStyle(document.documentElement).backgroundColor,
        };
      });
      if (measured.overflow > 0) wrong.push(`${where}: the page is ${measured.overflow} px too wide`);
      for (const element of measured.outside) wrong.push(`${where}: stands outside: ${element}`);
      if (measured.small > 0) wrong.push(`${where}: ${measured.small} texts are smaller than 11 px`);
      if (measured.height < 900) wrong.push(`${where}: the page is only ${measured.height} px high`);
      const isDark = measured.background !== "rgb(255, 255, 255)";
      if (isDark !== (colorScheme === "dark")) wrong.push(`${where}: the background is ${measured.background}`);
      await tab.screenshot({ path: path.join(directory, `${width}-${colorScheme}.png`), fullPage: true });
      // Folded parts count too.
      await tab.evaluate(() => document.querySelectorAll("details").forEach((part) => (part.open = true)));
      await tab.addScriptTag({ path: path.join(axePath, "axe.min.js") });
      const found = await tab.evaluate(async () => {
        const result = await window.axe.run(document, { resultTypes: ["violations"] });
        return result.violations.map((rule) => `${rule.id}: ${rule.help}: ${rule.nodes[0].html.slice(0, 160)}`);
      });
      for (const violation of found) wrong.push(`${where}: axe ${violation}`);
      const overflow = await tab.evaluate(() => document.scrollingElement.scrollWidth - innerWidth);
      if (overflow > 0) wrong.push(`${where}: unfolded, the page is ${overflow} px too wide`);
      await context.close();
    }
  }
  // As it is, with its own policy of what it may load.
  const context = await browser.newContext({ colorScheme: "light" });
  const tab = await context.newPage();
  tab.on("console", (message) => wrong.push(`under its policy: console ${message.type()}: ${message.text()}`));
  await tab.goto(pathToFileURL(page).href);
  const policy = await tab.evaluate(
    () => document.querySelector("meta[http-equiv=Content-Security-Policy]")?.content,
  );
  if (!policy?.includes("default-src 'none'")) wrong.push(`the page may load: ${policy}`);
  const styled = await tab.evaluate(() => getComputedStyle(document.body).margin !== "8px");
  if (!styled) wrong.push("under its policy the page has no style");
  await tab.keyboard.press("Tab");
  const first = await tab.evaluate(() => document.activeElement.className);
  if (first !== "skip") wrong.push(`the first Tab goes to .${first}`);
  await tab.pdf({ path: path.join(directory, "paper.pdf"), format: "A4", printBackground: false });
  await context.close();
} finally {
  await browser.close();
}
console.log(JSON.stringify(wrong, null, 1));
