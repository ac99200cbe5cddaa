// The leak detector: searches every place of a page where a secret must not be.
import type { Page } from "@playwright/test";

import type { Persona } from "./personas.ts";

/** The only key in sessionStorage under which the console at `/` may keep a session's credentials. */
export const SESSION_KEY = "credmgr / /api/v1 session";

/** The same for a console at any path, with an API at any origin. */
const SESSION_KEYS = /^credmgr \/\S* \S*\/api\/v1 session$/;

/** A text that must not be found, and how failures refer to it without printing it. */
interface Secret {
  readonly value: string;
  /** The text to search for. */
  readonly spellings: readonly string[];
  readonly label: string;
  readonly kind: "token" | "password";
}

/** A secret where it should not be. */
export interface Leak {
  readonly label: string;
  readonly place: string;
}

/** The content of all places of a page that can hold text, read at one moment. */
interface Places {
  /** The whole document as HTML: text, attributes, comments. */
  readonly html: string;
  /** The values of fields, which are not part of the HTML. */
  readonly fields: readonly {
    readonly label: string;
    readonly isPassword: boolean;
    readonly value: string;
  }[];
  readonly localStorage: readonly (readonly [string, string])[];
  readonly sessionStorage: readonly (readonly [string, string])[];
  /** The tab's session history with its state objects, and the window's name. */
  readonly history: readonly string[];
  /** Databases and caches of the origin. The console has none, so their content need not be read. */
  readonly databases: readonly string[];
}

export class Secrets {
  private readonly known = new Map<string, Secret>();
  private readonly allowedOnPage = new Set<string>();
  private readonly allowedInSession = new Set<string>();

  /** Registers a token's secret, which must not be found from now on. */
  addToken(name: string, value: string): void {
    this.know({ label: `secret of token '${name}'`, value, kind: "token" });
  }

  addPassword(persona: Persona): void {
    this.know({ label: `password of ${persona.name}`, value: persona.password, kind: "password" });
  }

  private know(secret: Omit<Secret, "spellings">): void {
    this.known.set(secret.value, { ...secret, spellings: spellings(secret.value) });
  }

  /** Allows a secret that the test has shown to be in the document, and nowhere else. */
  allow(value: string): void {
    this.allowedOnPage.add(value);
  }

  /** Revokes that: the secret must be hidden again. */
  disallow(value: string): void {
    this.allowedOnPage.delete(value);
  }

  /** Allows the console to keep, for the session, the credential that the test has signed in with. */
  allowInSession(value: string): void {
    this.allowedInSession.add(value);
  }

  /** Revokes that after signing out: nothing may be left. */
  disallowInSession(value: string): void {
    this.allowedInSession.delete(value);
  }

  /** Returns every secret that is currently in a place of the page where it is not allowed. */
  async leaksOf(page: Page): Promise<Leak[]> {
    const places = await page.evaluate(readPlaces);
    const leaks = new Set<string>();
    const report = (secret: Secret, place: string) => leaks.add(`${secret.label}\n${place}`);

    for (const secret of this.known.values()) {
      if (!this.allowedOnPage.has(secret.value)) {
        if (occursIn(places.html, secret)) {
          report(secret, "the document");
        }
        for (const field of places.fields) {
          // Users type passwords into password fields. A token's secret must not be in any field before it is shown,
          // not even in one that shows dots.
          const isTyped = field.isPassword && secret.kind === "password";
          if (!isTyped && occursIn(field.value, secret)) {
            report(secret, `the field ${field.label}`);
          }
        }
      }
      for (const [key, value] of places.localStorage) {
        if (occursIn(key + value, secret)) {
          report(secret, `localStorage, key ${key}`);
        }
      }
      for (const [key, value] of places.sessionStorage) {
        const mayBeThere = SESSION_KEYS.test(key) && this.allowedInSession.has(secret.value);
        if (!mayBeThere && occursIn(key + value, secret)) {
          report(secret, `sessionStorage, key ${key}`);
        }
      }
      for (const entry of places.history) {
        if (occursIn(entry, secret)) {
          report(secret, "the history");
        }
      }
    }
    const found = [...leaks].map((leak) => {
      const [label = "", place = ""] = leak.split("\n");
      return { label, place };
    });
    return found.concat(
      places.databases.map((name) => ({ label: "a store that is not searched", place: name })),
    );
  }

  /** Returns every secret that occurs in one of these texts: URLs and console messages may never contain any. */
  leaksIn(texts: readonly string[], place: string): Leak[] {
    return [...this.known.values()]
      .filter((secret) => texts.some((text) => occursIn(text, secret)))
      .map(({ label }) => ({ label, place }));
  }
}

/**
 * The forms in which a secret may occur: plain, percent-encoded, or in base64 as in HTTP Basic. Its alphabet needs no
 * escaping in HTML or JSON.
 */
function occursIn(text: string, secret: Secret): boolean {
  return secret.spellings.some((spelling) => text.includes(spelling));
}

function spellings(value: string): string[] {
  const spelled = [value, encodeURIComponent(value)];
  // In base64 a text looks different for each of three alignments; the groups at both ends depend on the neighbouring
  // text and are left out.
  for (let offset = 0; offset < 3; offset += 1) {
    const padded = Buffer.concat([Buffer.alloc(offset), Buffer.from(value)]);
    const whole = padded.toString("base64").replace(/=+$/, "");
    const certain = whole.slice(offset === 0 ? 0 : 4, whole.length - (whole.length % 4) || undefined);
    // Shorter ones could match by chance.
    if (certain.length >= 8) {
      spelled.push(certain);
    }
  }
  return spelled;
}

/** Runs in the page. */
async function readPlaces(): Promise<Places> {
  const fields = [...document.querySelectorAll("input, textarea, select")].map((element) => {
    const field = element as HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement;
    return {
      label: field.labels?.[0]?.textContent?.trim() || field.name || field.id || field.tagName,
      isPassword: field.type === "password",
      value: field.value,
    };
  });
  // Includes what the document refers to without showing it.
  const entries = (storage: Storage) => Object.entries(storage) as [string, string][];
  const navigation = (window as unknown as { navigation: { entries(): { url: string | null }[] } })
    .navigation;
  return {
    html: document.documentElement.outerHTML,
    fields,
    localStorage: entries(localStorage),
    sessionStorage: entries(sessionStorage),
    history: [
      ...navigation.entries().map((entry) => entry.url ?? ""),
      JSON.stringify(history.state) ?? "",
      window.name,
      document.referrer,
    ],
    databases: [
      ...(await indexedDB.databases()).map(({ name }) => `indexedDB ${name}`),
      ...(await caches.keys()).map((name) => `cache ${name}`),
    ],
  };
}
