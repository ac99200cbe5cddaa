// What a stop of the tour is: one screen of the console, in one state.
import type { BrowserContext, Page } from "@playwright/test";

import type { Api, Token } from "../support/api.ts";
import type { Persona } from "../support/personas.ts";
import type { Secrets } from "../support/secrets.ts";
import type { Watch } from "../support/watch.ts";

export interface Stop {
  /** The screen, a colon, the state. No two are the same. */
  readonly name: string;
  /** Who is signed in; nobody if undefined. */
  readonly who?: Persona;
  /** Goes there. Ends when the state is on the screen, and says so by an assertion. */
  readonly go: (stage: Stage) => Promise<void>;
  /**
   * What a person would do once more after turning the device: a menu stays where it was opened. For
   * checks that change the size of the window.
   */
  readonly resized?: (stage: Stage) => Promise<void>;
  /** Whether there are hundreds of tokens: with fewer, some states do not last. */
  readonly many?: true;
  /** Whether this is how a screen, a dialog or a menu looks on an ordinary day: its roles and names are kept in aria/. */
  readonly isOrdinary?: true;
}

/** Names that a line has nowhere to break in: one that sentences have in full, and one that they shorten. */
export const oneWord = "one_word".repeat(8);
export const longWord = "one_word".repeat(25);

/** What a stop is played on. */
export interface Stage {
  readonly page: Page;
  readonly context: BrowserContext;
  readonly watch: Watch;
  readonly secrets: Secrets;
  /** Goes to an address, and signs in if the stop wants somebody to be. The list, or "Sign in", if none is given. */
  readonly enter: (address?: string) => Promise<void>;
  /** The API beside the console, as one of the personas. */
  readonly api: (persona: Persona) => Api;
  /** A token that is there for this stop only, so its name need not be unique. Of the one who is signed in. */
  readonly token: (name: string) => Promise<Token>;
}
