// Globals that the page's scripts share with each other and with the console, because first_page.js is not a module.

/** A row of the list, as shown before the console has started. */
interface FirstRow {
  id: number;
  name: string;
}

/** Hands over the response with the first page, once, only to a caller that knows its address and token. */
declare var credmgrFirstPage:
  ((wanted?: string, withToken?: string) => [Promise<Response>, AbortController] | undefined) | undefined;

/** Resolves when the first rows are shown, or when it is certain that they will not be. */
declare var credmgrFirstRows: Promise<void> | undefined;
