//! The changes to `index.html` after Trunk has written it. Pure, except for [`seal_folder`].
//!
//! Everything that depends on where the console is served is in this page: the `<base>`, and the URLs of the files. So
//! another path needs no other build ([`under`]). And only at this point are the hashes of all files known ([`seal`]).

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;
use std::str::FromStr;

use anyhow::{Context, Error, Result, bail, ensure};
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use sha2::{Digest, Sha384};

use super::public_path::PublicPath;
use super::tags::tags;

/// The page of the console.
pub(crate) const INDEX: &str = "index.html";

/// The meta tag that tells `web/start.js` what to load.
const START: &str = "credmgr:start";
const NO_START: &str = "there is no meta tag credmgr:start (Trunk.toml has its pattern)";

/// To be incremented whenever [`seal_folder`] changes its output, so that the output of an earlier version does not
/// count as up to date.
pub(crate) const REVISION: u32 = 1;

/// The files that a page may load, by name, with the hash of each in the format of the `integrity` attribute.
pub(crate) type Hashes = BTreeMap<String, String>;

/// Renames the files of a folder so that web servers recognise names with a hash, and writes the hashes into the page
/// where they are missing.
pub(crate) fn seal_folder(folder: &Path) -> Result<()> {
    let page = folder.join(INDEX);
    let mut html = fs::read_to_string(&page).with_context(|| format!("cannot read {}", page.display()))?;
    for name in names(folder)? {
        if let Some(padded) = padded(&name) {
            fs::rename(folder.join(&name), folder.join(&padded))
                .with_context(|| format!("cannot rename {name} in {}", folder.display()))?;
            html = html.replace(&format!("/{name}"), &format!("/{padded}"));
        }
    }
    let sealed = seal(&html, &hashes(folder)?).with_context(|| format!("in {}", page.display()))?;
    fs::write(&page, sealed).with_context(|| format!("cannot write {}", page.display()))
}

/// Returns the name with its hash padded to 16 digits; `None` if there is nothing to pad. Trunk omits leading zeros,
/// and web servers are configured for 16 digits.
fn padded(name: &str) -> Option<String> {
    let (stem, end) = name.split_once('.')?;
    let (stem, bg) = stem.strip_suffix("_bg").map_or((stem, ""), |stem| (stem, "_bg"));
    let (before, hash) = stem.rsplit_once('-')?;
    // Fewer than 10 digits are a word: only one hash in sixteen million is that short.
    let is_short_hash =
        (10..16).contains(&hash.len()) && hash.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
    is_short_hash.then(|| format!("{before}-{hash:0>16}{bg}.{end}"))
}

/// Returns the names of a folder's files, except the page. The page itself loads none from subfolders.
fn names(folder: &Path) -> Result<Vec<String>> {
    let entries = fs::read_dir(folder).with_context(|| format!("cannot list {}", folder.display()))?;
    let mut names = Vec::new();
    for entry in entries {
        let entry = entry.with_context(|| format!("cannot list {}", folder.display()))?;
        if let Ok(name) = entry.file_name().into_string()
            && entry.path().is_file()
            && name != INDEX
        {
            names.push(name);
        }
    }
    Ok(names)
}

/// Returns the hashes of the files of a folder.
fn hashes(folder: &Path) -> Result<Hashes> {
    let mut hashes = Hashes::new();
    for name in names(folder)? {
        let path = folder.join(&name);
        let content = fs::read(&path).with_context(|| format!("cannot read {}", path.display()))?;
        hashes.insert(name, integrity(&content));
    }
    Ok(hashes)
}

/// Returns the value of an `integrity` attribute for this content.
pub(crate) fn integrity(content: &[u8]) -> String {
    format!("sha384-{}", BASE64_STANDARD.encode(Sha384::digest(content)))
}

/// Returns the page with the hash of every script and every style, and of what `web/start.js` loads.
fn seal(html: &str, hashes: &Hashes) -> Result<String> {
    let mut sealed = String::new();
    let mut copied = 0;
    let mut start_is_sealed = false;
    for tag in tags(html) {
        let mut added = String::new();
        if tag.is_checked_by_browsers() {
            if let Some(address) = tag.value("href").or_else(|| tag.value("src"))
                && tag.value("integrity").is_none()
            {
                added = format!(" integrity=\"{}\"", hash_of(address, hashes)?);
            }
        } else if tag.value("name") == Some(START) {
            start_is_sealed = true;
            for what in ["js", "wasm"] {
                let address = tag
                    .value(&format!("data-{what}"))
                    .with_context(|| format!("the start-up script is not told where the {what} is"))?;
                if tag.value(&format!("data-{what}-integrity")).is_none() {
                    added += &format!(" data-{what}-integrity=\"{}\"", hash_of(address, hashes)?);
                }
            }
        }
        let end = tag.end_of_attributes();
        sealed += &html[copied..end];
        sealed += &added;
        copied = end;
    }
    ensure!(start_is_sealed, NO_START);
    sealed += &html[copied..];
    Ok(sealed)
}

fn hash_of<'a>(address: &str, hashes: &'a Hashes) -> Result<&'a str> {
    hashes
        .get(name_in(address))
        .map(String::as_str)
        .with_context(|| format!("there is no file for {address}"))
}

/// The names of the files that start the console.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct StartFiles {
    /// The scripts of the page, one of which loads the other two files.
    pub(crate) scripts: Vec<String>,
    pub(crate) glue: String,
    pub(crate) wasm: String,
}

/// Returns the files that start the console of this page.
pub(crate) fn start_files(html: &str) -> Result<StartFiles> {
    let tags = tags(html);
    let start = tags.iter().find(|tag| tag.value("name") == Some(START)).context(NO_START)?;
    let named = |attribute: &str| {
        let address = start.value(attribute).with_context(|| format!("{START} has no {attribute}"))?;
        Ok::<_, Error>(name_in(address).to_owned())
    };
    let scripts = tags.iter().filter(|tag| tag.name == "script");
    ensure!(scripts.clone().any(|tag| tag.value("type") == Some("module")), "there is no start-up script");
    let scripts = scripts.filter_map(|tag| tag.value("src")).map(|address| name_in(address).to_owned());
    Ok(StartFiles { scripts: scripts.collect(), glue: named("data-js")?, wasm: named("data-wasm")? })
}

/// Returns the names of all files that the page itself loads.
pub(crate) fn files(html: &str) -> BTreeSet<String> {
    let mut files = BTreeSet::new();
    for tag in tags(html).iter().filter(|tag| !matches!(tag.name, "base" | "a")) {
        for name in ["href", "src", "data-js", "data-wasm"] {
            let address = tag.value(name).filter(|value| !is_content(value));
            files.extend(address.map(|address| name_in(address).to_owned()));
        }
    }
    files
}

/// A file that the page loads, and its hash, which the page may contain as well.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Loaded {
    pub(crate) name: String,
    pub(crate) integrity: String,
}

/// Returns the page with one of the files that it loads replaced by another.
pub(crate) fn exchanged(html: &str, old: &Loaded, new: &Loaded) -> Result<String> {
    let found = format!("/{}", old.name);
    ensure!(html.contains(&found), "the page does not load {}", old.name);
    Ok(html.replace(&found, &format!("/{}", new.name)).replace(&old.integrity, &new.integrity))
}

/// Whether a value contains what is loaded, rather than its address.
fn is_content(value: &str) -> bool {
    value.starts_with("data:")
}

fn name_in(address: &str) -> &str {
    address.rsplit('/').next().unwrap_or_default()
}

/// Returns the page, which was built for the root of its origin, for another path.
pub(crate) fn under(html: &str, path: &PublicPath) -> Result<String> {
    let mut moved = String::new();
    let mut copied = 0;
    let mut bases = 0;
    for tag in tags(html) {
        for attribute in &tag.attributes {
            let value = &html[attribute.value.clone()];
            let is_address = match attribute.name {
                "href" | "src" => true,
                "data-js" | "data-wasm" => tag.value("name") == Some(START),
                _ => false,
            };
            if !is_address || is_content(value) {
                continue;
            }
            let Some(below_root) = value.strip_prefix('/') else {
                bail!("{value} in {} is no address at the root", tag.text);
            };
            bases += usize::from(tag.name == "base");
            moved += &html[copied..attribute.value.start];
            moved += path.as_str();
            moved += below_root;
            copied = attribute.value.end;
        }
    }
    ensure!(bases == 1, "there has to be one <base>, and there are {bases}");
    moved += &html[copied..];
    Ok(moved)
}

/// Returns the page with another value for a setting, the meta tag named `credmgr:` and the setting's name.
pub(crate) fn set(html: &str, setting: &Setting) -> Result<String> {
    let name = format!("credmgr:{}", setting.name);
    let tags = tags(html);
    let tag = tags.iter().find(|tag| tag.value("name") == Some(&name));
    let Some(content) = tag.and_then(|tag| tag.attribute("content")) else {
        let known = tags.iter().filter(|tag| tag.value("content").is_some());
        let known: Vec<_> = known.filter_map(|tag| tag.value("name")?.strip_prefix("credmgr:")).collect();
        bail!("there is no setting '{}'; there are {}", setting.name, known.join(", "));
    };
    let (mut from, mut to) = (content.value.start, content.value.end);
    if html[..from].ends_with(['"', '\'']) {
        (from, to) = (from - 1, to + 1);
    }
    let value = setting.value.replace('&', "&amp;").replace('"', "&quot;");
    Ok(format!("{}\"{value}\"{}", &html[..from], &html[to..]))
}

/// A setting of a deployment in place of the default. The console itself checks its value (`src/config.rs`).
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Setting {
    name: String,
    value: String,
}

impl FromStr for Setting {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        let (name, value) = text
            .split_once('=')
            .with_context(|| format!("'{text}' is no setting: one is like api-base=/api/v1"))?;
        Ok(Self { name: name.to_owned(), value: value.to_owned() })
    }
}

/// The path of the API if no setting says otherwise.
pub(crate) const DEFAULT_API: &str = "/api/v1";

/// Where the API is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Api<'a> {
    /// Under this path of the console's own origin; without a slash at its end.
    Path(&'a str),
    /// On this other origin.
    Origin(&'a str),
}

/// Returns where the API of a console at `path` is according to these settings. The last setting counts.
///
/// # Errors
/// The API's origin cannot be named in a Content-Security-Policy, or web servers cannot tell its path from the console.
pub(crate) fn api<'a>(settings: &'a [Setting], path: &PublicPath) -> Result<Api<'a>> {
    let base =
        settings.iter().rfind(|setting| setting.name == "api-base").map(|setting| setting.value.trim());
    let Some(base) = base.filter(|base| !base.is_empty()) else { return Ok(Api::Path(DEFAULT_API)) };
    if base.starts_with('/') {
        return api_path(base, path).map(Api::Path);
    }
    let begin = base.find("://").map_or(0, |end_of_scheme| end_of_scheme + "://".len());
    let end = base[begin..].find('/').map_or(base.len(), |end_of_host| begin + end_of_host);
    let is_host = |host: &str| {
        !host.is_empty() && host.bytes().all(|byte| byte.is_ascii_alphanumeric() || b".-:".contains(&byte))
    };
    ensure!(
        matches!(&base[..begin], "https://" | "http://") && is_host(&base[begin..end]),
        "'{base}' is no api-base that a Content-Security-Policy can name: one is a path, or like \
         https://api.example.org/api/v1"
    );
    Ok(Api::Origin(&base[..end]))
}

/// Returns a path of the API, of the form that the console itself requests and that needs no quoting in a configuration
/// file.
fn api_path<'a>(base: &'a str, console: &PublicPath) -> Result<&'a str> {
    let base = base.trim_end_matches('/');
    let plain = |c: char| c.is_ascii_alphanumeric() || "-._~".contains(c);
    let is_segment = |segment: &str| !segment.starts_with('.') && !segment.is_empty();
    ensure!(
        base.strip_prefix('/').is_some_and(|inner| inner.split('/').all(is_segment))
            && base.chars().all(|c| c == '/' || plain(c)),
        "'{base}' cannot be the path of the API: it is one like /api/v1, of letters, digits, - . _ and ~ between \
         slashes"
    );
    ensure!(
        !console.as_str().starts_with(&format!("{base}/")),
        "'{base}' cannot be the path of the API, because the console is below it, at {}",
        console.as_str()
    );
    Ok(base)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scratch::Scratch;

    /// The page as Trunk writes it for a release, without quotes where none are needed.
    const MINIFIED: &str = r#"<!doctype html><html lang=en><meta charset=utf-8><title>A</title><base href=/><!-- <link rel=stylesheet href=/no.css> --><meta content=/api/v1 name=credmgr:api-base><link href="data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg'/%3E" rel=icon><script src=/head-1.js></script><link href=/style-1.css integrity=sha384-old rel=stylesheet><link crossorigin=anonymous href=/app-1.js rel=modulepreload><script src=/start-1.js type=module></script><meta data-js=/app-1.js data-wasm=/app-1_bg.wasm name=credmgr:start><div id=starting><a href=/>x</a></div>"#;

    /// The page as it is written otherwise.
    const PLAIN: &str = r#"<!doctype html>
<base href="/"/>
<link rel="stylesheet" href="/style-1.css"/>
<link rel='modulepreload' href='/app-1.js' />
<script src="/start-1.js" type="module" ></script>
<meta name="credmgr:start" data-js="/app-1.js" data-wasm="/app-1_bg.wasm">
"#;

    fn hashes() -> Hashes {
        ["head-1.js", "style-1.css", "app-1.js", "app-1_bg.wasm", "start-1.js"]
            .map(|name| (name.to_owned(), format!("sha384-of-{name}")))
            .into()
    }

    #[test]
    fn everything_that_runs_gets_its_hash_once() {
        for html in [MINIFIED, PLAIN] {
            let sealed = seal(html, &hashes()).unwrap();
            for (address, attribute) in [
                ("/app-1.js", "integrity=\"sha384-of-app-1.js\""),
                ("/start-1.js", "integrity=\"sha384-of-start-1.js\""),
            ] {
                let tag = tags(&sealed)
                    .into_iter()
                    .find(|tag| [tag.value("href"), tag.value("src")].contains(&Some(address)))
                    .unwrap();
                assert_eq!(tag.text.matches(attribute).count(), 1, "{}", tag.text);
            }
            let start = tags(&sealed).into_iter().find(|tag| tag.value("data-js").is_some()).unwrap();
            assert_eq!(start.value("data-js-integrity"), Some("sha384-of-app-1.js"));
            assert_eq!(start.value("data-wasm-integrity"), Some("sha384-of-app-1_bg.wasm"));
            assert_eq!(seal(&sealed, &hashes()).unwrap(), sealed, "sealing again changes nothing");
        }
        let sealed = seal(MINIFIED, &hashes()).unwrap();
        assert!(sealed.contains("<link href=/style-1.css integrity=sha384-old rel=stylesheet>"));
        assert!(sealed.contains("<!-- <link rel=stylesheet href=/no.css> -->"));
    }

    #[test]
    fn a_short_hash_gets_its_zeros() {
        for (name, with_zeros) in [
            ("app-a421a1ced31b0bd_bg.wasm", "app-0a421a1ced31b0bd_bg.wasm"),
            ("a-b-421a1ced31b0bd.js", "a-b-00421a1ced31b0bd.js"),
        ] {
            assert_eq!(padded(name).as_deref(), Some(with_zeros));
            assert!(crate::dist::headers::has_hash(with_zeros), "{with_zeros}");
        }
        for name in ["app-0123456789abcdef.js", "index.html", "a-facade.js", "app-a421a1ced31b0bx.js", "app"]
        {
            assert_eq!(padded(name), None, "{name}");
        }
    }

    #[test]
    fn a_folder_is_sealed() {
        let scratch = Scratch::new("seal");
        let page = PLAIN.replace("app-1", "app-a421a1ced31b0bd");
        scratch.write(INDEX, &page);
        for name in ["style-1.css", "app-a421a1ced31b0bd.js", "app-a421a1ced31b0bd_bg.wasm", "start-1.js"] {
            scratch.write(name, name);
        }
        seal_folder(scratch.path()).unwrap();
        let sealed = fs::read_to_string(scratch.path().join(INDEX)).unwrap();
        assert!(scratch.path().join("app-0a421a1ced31b0bd.js").exists());
        assert!(sealed.contains("data-wasm=\"/app-0a421a1ced31b0bd_bg.wasm\""), "{sealed}");
        assert!(sealed.contains(&integrity(b"app-a421a1ced31b0bd.js")), "{sealed}");
    }

    #[test]
    fn the_page_says_what_it_loads() {
        for html in [MINIFIED, PLAIN] {
            let StartFiles { scripts, glue, wasm } = start_files(html).unwrap();
            assert_eq!(scripts.last().map(String::as_str), Some("start-1.js"));
            assert_eq!(scripts.len(), html.matches("<script src=").count());
            assert_eq!([glue, wasm], ["app-1.js", "app-1_bg.wasm"].map(str::to_owned));
            for name in ["app-1.js", "app-1_bg.wasm", "start-1.js", "style-1.css"] {
                assert!(files(html).contains(name), "{name}");
            }
            assert!(files(html).iter().all(|name| hashes().contains_key(name)), "{:?}", files(html));
        }
        for html in ["<base href=/>", "<meta name=credmgr:start data-js=/a.js data-wasm=/b.wasm>"] {
            assert!(start_files(html).is_err(), "{html}");
        }
    }

    #[test]
    fn a_file_is_exchanged_wherever_the_page_names_it() {
        let loaded = |name: &str, integrity: &str| Loaded { name: name.into(), integrity: integrity.into() };
        let glue =
            exchanged(MINIFIED, &loaded("app-1.js", "sha384-x"), &loaded("app-2.js", "sha384-y")).unwrap();
        assert_eq!(glue, MINIFIED.replace("/app-1.js", "/app-2.js"));
        let style =
            exchanged(MINIFIED, &loaded("style-1.css", "sha384-old"), &loaded("s-2.css", "sha384-new"));
        assert!(style.unwrap().contains("<link href=/s-2.css integrity=sha384-new rel=stylesheet>"));
        assert!(exchanged(MINIFIED, &loaded("pp-1.js", "x"), &loaded("y", "y")).is_err());
    }

    #[test]
    fn a_file_that_is_missing_is_an_error() {
        let mut some = hashes();
        some.remove("app-1_bg.wasm");
        assert!(seal(MINIFIED, &some).unwrap_err().to_string().contains("/app-1_bg.wasm"));
        assert!(seal("<base href=/>", &hashes()).unwrap_err().to_string().contains("credmgr:start"));
    }

    #[test]
    fn a_hash_is_that_of_the_content() {
        // The example in the recommendation (https://www.w3.org/TR/SRI/).
        assert_eq!(
            integrity(b"alert('Hello, world.');"),
            "sha384-H8BRh8j48O9oYatfu5AZzq6A9RINhZO5H16dQZngK7T62em8MUt1FLm52t+eX6xO"
        );
    }

    #[test]
    fn all_addresses_move_and_nothing_else() {
        for html in [MINIFIED, PLAIN] {
            let moved = under(html, &"/a/console/".parse().unwrap()).unwrap();
            assert!(moved.contains("/a/console/app-1_bg.wasm"));
            assert_eq!(moved.replace("/a/console/", "/"), html);
            assert_eq!(under(html, &PublicPath::default()).unwrap(), html);
        }
        let moved = under(MINIFIED, &"/c/".parse().unwrap()).unwrap();
        assert!(moved.contains("<base href=/c/>") && moved.contains("content=/api/v1 "), "{moved}");
    }

    #[test]
    fn settings_are_set() {
        let quoted = r#"<meta name="credmgr:api-base" content="/api/v1"/>"#;
        let set_to = |html: &str, text: &str| set(html, &text.parse().unwrap());
        assert_eq!(
            set_to(quoted, "api-base=https://a.test/?a&b=\"").unwrap(),
            r#"<meta name="credmgr:api-base" content="https://a.test/?a&amp;b=&quot;"/>"#
        );
        assert!(
            set_to(MINIFIED, "api-base=/x").unwrap().contains("<meta content=\"/x\" name=credmgr:api-base>")
        );
        let error = set_to(MINIFIED, "api=/x").unwrap_err().to_string();
        assert!(error.contains("api-base") && !error.contains("start"), "{error}");
        assert!("api-base".parse::<Setting>().is_err());
    }

    #[test]
    fn where_the_api_is() {
        let root = PublicPath::default();
        let settings =
            |values: &[&str]| -> Vec<Setting> { values.iter().map(|value| value.parse().unwrap()).collect() };
        for (values, expected) in [
            (&["idle-minutes=5"][..], Api::Path("/api/v1")),
            (&["api-base=/api/v1"], Api::Path("/api/v1")),
            (&["api-base="], Api::Path("/api/v1")),
            (&["api-base= /credentials/api/v1.1/ "], Api::Path("/credentials/api/v1.1")),
            (&["api-base=https://api.example.org"], Api::Origin("https://api.example.org")),
            (&["api-base=http://a.test:8443/x/api/v1"], Api::Origin("http://a.test:8443")),
            (&["api-base=https://a.test/", "api-base=https://b.test/"], Api::Origin("https://b.test")),
            (&["api-base=https://a.test/", "api-base=/x"], Api::Path("/x")),
        ] {
            assert_eq!(api(&settings(values), &root).unwrap(), expected, "{values:?}");
        }
        for nonsense in [
            "https:///x",
            "ftp://a.test",
            "a.test",
            "https://a.test;script-src",
            "https://u@a.test",
            "/",
            "//a.test",
            "/api/../x",
            "/api//v1",
            "/api;return 200",
            "/a b",
            "/{x}",
            "/a*",
        ] {
            assert!(api(&settings(&[&format!("api-base={nonsense}")]), &root).is_err(), "{nonsense}");
        }
        // The console would be requested from the API, or the API be a part of the console.
        let below = settings(&["api-base=/tools"]);
        assert!(api(&below, &"/tools/console/".parse().unwrap()).is_err());
        assert!(api(&below, &"/toolset/".parse().unwrap()).is_ok());
        let inside = settings(&["api-base=/console/api/v1"]);
        assert!(api(&inside, &"/console/".parse().unwrap()).is_ok());
    }

    #[test]
    fn a_page_that_is_not_for_the_root_is_refused() {
        for html in ["<base href=./>", "<p>", "<base href=/><base href=/>"] {
            assert!(under(html, &PublicPath::default()).is_err(), "{html}");
        }
    }
}
