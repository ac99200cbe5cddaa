// The settings of a deployment in the page (README: "With an existing Credential Manager").

/** Returns the page with other settings, such as `{"api-base": "/api/v1"}`. */
export function withSettings(page: string, settings: Readonly<Record<string, string>>): string {
  return Object.entries(settings).reduce((page, [name, content]) => {
    const meta = new RegExp(`<meta [^>]*credmgr:${name}\\b[^>]*>`);
    if (!meta.test(page)) {
      throw new Error(`the page has no setting ${name}`);
    }
    return page.replace(meta, `<meta name="credmgr:${name}" content="${content}">`);
  }, page);
}
