// A stop of the tour: one screen of the console, in one state.
import type { BrowserContext, Page } from "@playwright/test";

import type { Api, Token } from "../support/api.ts";
import type { Persona } from "../support/personas.ts";
import type { Secrets } from "../support/secrets.ts";
import type { Watch } from "../support/watch.ts";

export interface Stop {
  /** The screen, a colon, the state. Unique. */
  readonly name: string;
  /** The signed-in user; `undefined` for none. */
  readonly who?: Persona;
  /** Goes there. Ends with an assertion that the state is on the screen. */
  readonly go: (stage: Stage) => Promise<void>;
  /**
   * What a user would repeat after rotating the device: a menu stays where it was opened. For checks that change the
   * size of the window.
   */
  readonly resized?: (stage: Stage) => Promise<void>;
  /** Whether there are hundreds of tokens: with fewer, some states are too short. */
  readonly many?: true;
  /** Whether this is the usual state of a screen, a dialog or a menu: its roles and names are kept in aria/. */
  readonly isOrdinary?: true;
}

/** Names without break opportunities: one that sentences show in full, and one that they shorten. */
export const oneWord = "one_word".repeat(8);
export const longWord = "one_word".repeat(25);

/** What a stop works with. */
export interface Stage {
  readonly page: Page;
  readonly context: BrowserContext;
  readonly watch: Watch;
  readonly secrets: Secrets;
  /** Opens a URL and signs in if the stop has a user. Without a URL: the list, or "Sign in". */
  readonly enter: (address?: string) => Promise<void>;
  /** The API as one of the personas, independently of the console. */
  readonly api: (persona: Persona) => Api;
  /** Creates a token of the signed-in user that exists for this stop only, so its name need not be unique. */
  readonly token: (name: string) => Promise<Token>;
}
