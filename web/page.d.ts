// What the scripts of the page leave for each other and for the console: globals, since first_page.js is no module.

/** A row of the list: what the page shows of a token before the console does. */
interface FirstRow {
  id: number;
  name: string;
}

/** Gives the answer of the first page away, once, to whoever names its address and token; to nobody else. */
declare var credmgrFirstPage:
  ((wanted?: string, withToken?: string) => [Promise<Response>, AbortController] | undefined) | undefined;

/** When the first rows are shown, or nothing will come of them. */
declare var credmgrFirstRows: Promise<void> | undefined;
