// Layout checks: nothing overflows sideways, everything can be reached in a small window, and touch targets are large
// enough.
import { expect, type Page, test } from "@playwright/test";

import { phone } from "../support/screens.ts";

const tablet = { width: 768, height: 1024 };
const sizes = [
  { width: 320, height: 640 },
  phone,
  { width: 430, height: 932 },
  tablet,
  { width: 1280, height: 800 },
];

/** A window of 1280 × 1024 pixels at 400 % zoom (WCAG 1.4.10). */
const zoomed = { width: 320, height: 256 };

/** A wide window of a few lines, as when zoomed for vertical text (WCAG 1.4.10). */
const low = { width: 1280, height: 256 };

/** The minimum height of a touch target, in pixels (WCAG 2.5.5). */
const FINGER = 44;

type Resize = () => Promise<void>;

/** Expects no sideways scrolling in windows from a small phone's to a laptop's. */
export function expectToFit(page: Page, name: string, resized: Resize): Promise<void> {
  return test.step("layout", async () => {
    for (const size of sizes) {
      await page.setViewportSize(size);
      await resized();
      expect(await page.evaluate(whatSticksOut), `${name}: wider than ${size.width} pixels`).toEqual([]);
    }
  });
}

/**
 * Expects that in a window of a few lines nothing covers more than half of it, and that every focused element is
 * visible (WCAG 2.4.11).
 */
export function expectUsableWhenZoomed(page: Page, name: string, resized: Resize): Promise<void> {
  return test.step("layout at 400 % zoom", async () => {
    await page.setViewportSize(zoomed);
    await resized();
    expect(await page.evaluate(whatSticksOut), `${name}: wider than ${zoomed.width} pixels`).toEqual([]);
    const covered = await page.evaluate(coveredShare);
    expect(covered, `${name}: share of a small window that something lies over`).toBeLessThanOrEqual(0.5);
    expect(await page.evaluate(hiddenWithFocus), `${name}: has the focus and cannot be seen`).toEqual([]);
  });
}

/** Expects a dialog's buttons to be visible in a wide window of a few lines, wherever it is scrolled to. */
export function expectAnswersInSight(page: Page, name: string, resized: Resize): Promise<void> {
  return test.step("layout in a low window", async () => {
    await page.setViewportSize(low);
    await resized();
    expect(await page.evaluate(answersOutOfSight), `${name}: cannot be seen`).toEqual([]);
  });
}

/** Expects touch targets to be large enough, on a phone and on a tablet. */
export function expectFingerSized(page: Page, name: string, resized: Resize): Promise<void> {
  return test.step("layout for fingers", async () => {
    const client = await page.context().newCDPSession(page);
    await client.send("Emulation.setTouchEmulationEnabled", { enabled: true });
    expect(await page.evaluate(() => matchMedia("(pointer: coarse)").matches), "fingers are emulated").toBe(
      true,
    );
    for (const size of [phone, tablet]) {
      await page.setViewportSize(size);
      await resized();
      expect(
        await page.evaluate(whatSticksOut),
        `${name}: wider than ${size.width} pixels, for fingers`,
      ).toEqual([]);
      const small = await page.evaluate(tooSmall, FINGER);
      expect(small, `${name}: too small for a finger at ${size.width} pixels`).toEqual([]);
    }
    await client.send("Emulation.setTouchEmulationEnabled", { enabled: false });
    await client.detach();
  });
}

/** Returns what overflows the window's right or left edge, or makes a box inside it scroll sideways. */
function whatSticksOut(): string[] {
  const tagOf = (element: Element) => element.outerHTML.replace(/>[^]*/, ">").slice(0, 120);
  const root = document.documentElement;
  const boxes = [...document.querySelectorAll("*")].filter((element) => {
    const { overflowX } = getComputedStyle(element);
    return ["auto", "scroll"].includes(overflowX) && element.scrollWidth > element.clientWidth;
  });
  const found = boxes.map((box) => `scrolls sideways: ${tagOf(box)}`);
  if (root.scrollWidth > root.clientWidth) {
    const beyond = [...document.body.querySelectorAll("*")].filter((element) => {
      const { right, left, width } = element.getBoundingClientRect();
      return width > 0 && (right + scrollX > root.clientWidth + 0.5 || left + scrollX < -0.5);
    });
    // Their ancestors are only as wide as their content.
    const innermost = beyond.filter(
      (element) => !beyond.some((other) => other !== element && element.contains(other)),
    );
    found.push(`by ${root.scrollWidth - root.clientWidth} pixels`, ...innermost.map(tagOf));
  }
  return found;
}

/**
 * Returns the share of the window's height that is covered by elements that do not scroll with the page. Dialogs and
 * menus do not count: they scroll themselves and are temporary.
 */
function coveredShare(): number {
  const { scrollY: before } = window;
  window.scrollTo({ top: document.documentElement.scrollHeight / 2, behavior: "instant" });
  const lines = new Set<number>();
  const mark = (element: Element) => {
    const { top, bottom } = element.getBoundingClientRect();
    for (let line = Math.max(0, Math.floor(top)); line < Math.min(innerHeight, bottom); line += 1) {
      lines.add(line);
    }
  };
  for (const element of document.body.querySelectorAll("*")) {
    const { position, pointerEvents } = getComputedStyle(element);
    const stays = position === "fixed" || position === "sticky";
    if (stays && !element.matches("dialog, [popover]") && element.checkVisibility()) {
      // An element that lets the pointer through is only a frame for its children.
      (pointerEvents === "none" ? [...element.children] : [element]).forEach(mark);
    }
  }
  window.scrollTo({ top: before, behavior: "instant" });
  return lines.size / innerHeight;
}

/** Moves the focus through all elements, as Tab does, and returns those that are not visible when focused. */
function hiddenWithFocus(): string[] {
  const scope = document.querySelector(":popover-open") ?? document.querySelector("dialog:modal") ?? document;
  const places = scope.querySelectorAll<HTMLElement>(
    "a[href], button, input, select, textarea, summary, [tabindex='0'], [role=menuitem]",
  );
  const hidden: string[] = [];
  for (const place of places) {
    if (!place.checkVisibility({ visibilityProperty: true, contentVisibilityAuto: true })) {
      continue;
    }
    // Focusing an element that already has the focus does not scroll it into view.
    if (document.activeElement === place) {
      place.scrollIntoView({ block: "nearest" });
    }
    place.focus();
    const { left, top, width, height } = place.getBoundingClientRect();
    const labels = place instanceof HTMLInputElement ? [...(place.labels ?? [])] : [];
    const mine = [place, ...labels];
    const isSeen = [0.5, 0.05, 0.25, 0.75, 0.95].some((x) =>
      [0.5, 0.05, 0.25, 0.75, 0.95].some((y) => {
        const hit = document.elementFromPoint(left + x * width, top + y * height);
        return hit !== null && mine.some((each) => each.contains(hit));
      }),
    );
    if (!isSeen) {
      hidden.push(`${place.outerHTML.slice(0, 120)} at ${Math.round(top)}, ${Math.round(height)} high`);
    }
  }
  return hidden;
}

/** Returns the open dialog's buttons that are not fully visible with the dialog scrolled to its start or end. */
function answersOutOfSight(): string[] {
  const dialog = document.querySelector("dialog:modal");
  const buttons = [...(dialog?.querySelectorAll(".dialog-buttons button") ?? [])];
  return [0, dialog?.scrollHeight ?? 0].flatMap((top) => {
    dialog?.scrollTo({ top, behavior: "instant" });
    const hidden = buttons.filter((button) => {
      const { left, right, top, bottom } = button.getBoundingClientRect();
      return ![top + 1, bottom - 1].every((y) =>
        button.contains(document.elementFromPoint((left + right) / 2, y)),
      );
    });
    return hidden.map((button) => `${button.textContent} with the dialog scrolled to ${dialog?.scrollTop}`);
  });
}

/**
 * Returns the targets that are lower than required and have another target right above or below. A label belongs to its
 * control. Links within a sentence are exempt, as in WCAG.
 */
function tooSmall(finger: number): string[] {
  interface Target {
    readonly element: Element;
    /** The fixed or sticky element that contains it, if any. */
    readonly layer: Element | undefined;
    readonly left: number;
    readonly right: number;
    readonly top: number;
    readonly bottom: number;
  }
  const scope = document.querySelector(":popover-open") ?? document.querySelector("dialog:modal") ?? document;
  const elements = scope.querySelectorAll(
    "a[href]:not(.skip-link), button, input, select, textarea, summary, [role=menuitem]",
  );
  const layerOf = (element: Element | null): Element | undefined => {
    if (element === null || ["fixed", "sticky"].includes(getComputedStyle(element).position)) {
      return element ?? undefined;
    }
    return layerOf(element.parentElement);
  };
  const targets: Target[] = [];
  for (const element of elements) {
    if (!element.checkVisibility({ visibilityProperty: true, contentVisibilityAuto: true })) {
      continue;
    }
    const labels = element.matches("[type=checkbox], [type=radio]")
      ? [...(element as HTMLInputElement).labels!]
      : [];
    const boxes = [element, ...labels].map((each) => each.getBoundingClientRect());
    targets.push({
      element,
      layer: layerOf(element),
      left: Math.min(...boxes.map(({ left }) => left)),
      right: Math.max(...boxes.map(({ right }) => right)),
      top: Math.min(...boxes.map(({ top }) => top)),
      bottom: Math.max(...boxes.map(({ bottom }) => bottom)),
    });
  }
  const isInSentence = ({ element }: Target) => {
    const sentence = element.matches("a") ? element.closest("p") : null;
    return sentence !== null && sentence.textContent.trim() !== element.textContent.trim();
  };
  const isCrowded = (target: Target) => {
    const middle = (target.top + target.bottom) / 2;
    return targets.some(
      (other) =>
        other !== target &&
        other.layer === target.layer &&
        other.left < target.right &&
        other.right > target.left &&
        other.top < middle + finger / 2 &&
        other.bottom > middle - finger / 2,
    );
  };
  return targets
    .filter(
      (target) => target.bottom - target.top < finger - 0.5 && !isInSentence(target) && isCrowded(target),
    )
    .map(
      ({ element, top, bottom }) => `${Math.round(bottom - top)} pixels: ${element.outerHTML.slice(0, 120)}`,
    );
}
