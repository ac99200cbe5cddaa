// One page with all screenshots, written after they have been taken.
import { mkdirSync, readdirSync, writeFileSync } from "node:fs";

import type { Reporter } from "@playwright/test/reporter";

import { stops } from "../tour/index.ts";
import type { Stop } from "../tour/stop.ts";
import { contactSheet, directory, picturesOf } from "./pictures.ts";

const STYLE = `
  body { margin: 2rem; font: 14px system-ui, sans-serif; background: #777; color: #fff; }
  nav { columns: 20rem; }
  nav a { display: block; color: inherit; }
  section { margin-block: 3rem; content-visibility: auto; contain-intrinsic-size: auto 40rem; }
  .pictures { display: flex; flex-wrap: wrap; gap: 1rem; align-items: flex-start; }
  figure { margin: 0; }
  img { display: block; max-height: 36rem; max-width: 100%; }
`;

const escaped = (text: string) => text.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/"/g, "&quot;");

function section(stop: Stop, number: number, taken: ReadonlySet<string>): string {
  const figures = picturesOf(stop).map(({ size, colorScheme, file }) => {
    const caption = `${size.width} pixels, ${colorScheme}`;
    // So that it is not mistaken for an earlier one.
    const picture = taken.has(file)
      ? `<a href="${file}"><img src="${file}" alt="${caption}" loading="lazy"></a>`
      : "<p>missing</p>";
    return `<figure>${picture}<figcaption>${caption}</figcaption></figure>`;
  });
  const heading = `<h2>${escaped(stop.name)}</h2>`;
  return `<section id="stop-${number}">${heading}<div class="pictures">${figures.join("\n")}</div></section>`;
}

function page(): string {
  const taken = new Set(readdirSync(directory));
  const links = stops.map(({ name }, number) => `<a href="#stop-${number}">${escaped(name)}</a>`);
  const sections = stops.map((stop, number) => section(stop, number, taken));
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>Every screen of the console</title>
<style>${STYLE}</style>
<h1>Every screen of the console</h1>
<nav>${links.join("\n")}</nav>
${sections.join("\n")}
</html>
`;
}

export default class ContactSheet implements Reporter {
  onEnd(): void {
    mkdirSync(directory, { recursive: true });
    writeFileSync(contactSheet, page());
    console.log(`\nThe pictures are on ${contactSheet}`);
  }

  printsToStdio(): boolean {
    return false;
  }
}
