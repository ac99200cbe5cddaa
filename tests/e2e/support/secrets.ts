// The leak detector: looks for secrets in every place of a page where nobody should find one.
import type { Page } from "@playwright/test";

import type { Persona } from "./personas.ts";

/** The one key under which the console may keep the credential of a session, in sessionStorage. */
export const SESSION_KEY = "credmgr.session";

/** A text that must not be found, and how to speak of it in a failure without printing it. */
interface Secret {
  readonly value: string;
  /** What is looked for. */
  readonly spellings: readonly string[];
  readonly label: string;
  readonly kind: "token" | "password";
}

/** A secret where it should not be. */
export interface Leak {
  readonly label: string;
  readonly place: string;
}

/** All places of a page that a text can be in, read at one moment. */
interface Places {
  /** The whole document as HTML: text, attributes, comments. */
  readonly html: string;
  /** What fields hold, which is not part of the HTML. */
  readonly fields: readonly {
    readonly label: string;
    readonly isPassword: boolean;
    readonly value: string;
  }[];
  readonly localStorage: readonly (readonly [string, string])[];
  readonly sessionStorage: readonly (readonly [string, string])[];
  /** This session's history of the tab, its state objects, and the name of the window. */
  readonly history: readonly string[];
  /** Databases and caches of the origin. The console has none: what is in them need not be read then. */
  readonly databases: readonly string[];
}

export class Secrets {
  private readonly known = new Map<string, Secret>();
  private readonly allowedOnPage = new Set<string>();
  private readonly allowedInSession = new Set<string>();

  /** The secret of a token. From now on it must not be found. */
  addToken(name: string, value: string): void {
    this.know({ label: `secret of token '${name}'`, value, kind: "token" });
  }

  addPassword(persona: Persona): void {
    this.know({ label: `password of ${persona.name}`, value: persona.password, kind: "password" });
  }

  private know(secret: Omit<Secret, "spellings">): void {
    this.known.set(secret.value, { ...secret, spellings: spellings(secret.value) });
  }

  /** The test has had this secret shown: it may be in the document, and nowhere else. */
  allow(value: string): void {
    this.allowedOnPage.add(value);
  }

  /** The secret should be hidden again. */
  disallow(value: string): void {
    this.allowedOnPage.delete(value);
  }

  /** The test has signed in with this: the console may keep it for the session. */
  allowInSession(value: string): void {
    this.allowedInSession.add(value);
  }

  /** The test has signed out: nothing may be left of it. */
  disallowInSession(value: string): void {
    this.allowedInSession.delete(value);
  }

  /** Every secret that is somewhere in the page now where it may not be. */
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
          // People type passwords into password fields. A token's secret does not belong into any
          // field before it is shown, not even into one that shows dots.
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
        const mayBeThere = key === SESSION_KEY && this.allowedInSession.has(secret.value);
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

  /** Every secret that occurs in one of these texts. For addresses and the console: none may, ever. */
  leaksIn(texts: readonly string[], place: string): Leak[] {
    return [...this.known.values()]
      .filter((secret) => texts.some((text) => occursIn(text, secret)))
      .map(({ label }) => ({ label, place }));
  }
}

/**
 * As it is, in an address, or in base64 as HTTP Basic writes it. The secret's alphabet needs no
 * escaping in HTML or JSON.
 */
function occursIn(text: string, secret: Secret): boolean {
  return secret.spellings.some((spelling) => text.includes(spelling));
}

function spellings(value: string): string[] {
  const spelled = [value, encodeURIComponent(value)];
  // In base64 a text looks different for each of three alignments; the groups at both ends depend on
  // the neighbours and are left out.
  for (let offset = 0; offset < 3; offset += 1) {
    const padded = Buffer.concat([Buffer.alloc(offset), Buffer.from(value)]);
    const whole = padded.toString("base64").replace(/=+$/, "");
    const certain = whole.slice(offset === 0 ? 0 : 4, whole.length - (whole.length % 4) || undefined);
    // Shorter ones would be found by chance.
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
  // Also what the document points to without showing it.
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
