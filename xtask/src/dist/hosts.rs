//! Configuration for common web servers and hosting services. Pure: texts, all made from [`super::headers`].
//!
//! Each must do what the embedded server does (`server/src/static_files.rs`): a path without a dot in its last segment
//! is a screen and gets the page; everything else is a file or a 404. `tests/e2e/hosts` runs nginx, Caddy and Apache
//! with these texts.

use std::fmt::Write;

use super::headers::{
    FOR_API, FOREVER, HASHED_NAME, Header, NOT_AT_ALL, NOT_FROM_API, NOT_TO_API, REVALIDATE, TLS_ONLY, TYPES,
    for_files, has_hash,
};
use super::page::{Api, DEFAULT_API, INDEX};
use super::public_path::PublicPath;

/// A file of the distribution.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct HostFile {
    /// The path within the distribution.
    pub(crate) path: String,
    pub(crate) content: String,
}

/// The paths of the console's screens, for services that need each one listed; `*` is everything below. A test compares
/// them with `src/routes.rs`.
const SCREENS: [&str; 3] = ["sign-in", "tokens", "tokens/*"];

/// Returns the configuration for every host, for a console at this path that consists of these files.
pub(crate) fn all(path: &PublicPath, names: &[String], api: Api<'_>) -> Vec<HostFile> {
    // With an API on another origin, what is forwarded is an offer that the page does not take up.
    let (api_path, api_origin) = match api {
        Api::Path(path) => (path, None),
        Api::Origin(origin) => (DEFAULT_API, Some(origin)),
    };
    let headers = &for_files(api_origin);
    let file = |path: &str, content: String| HostFile { path: path.to_owned(), content };
    // Services read these from the root of the site, which is the console's folder only if the console is served there.
    let of_services = if path.is_root() { "console" } else { "hosts" };
    vec![
        file("hosts/nginx.conf", nginx(path, api_path, headers)),
        file("hosts/Caddyfile", caddy(path, api_path, headers)),
        file("hosts/apache.conf", apache_host(path, api_path)),
        file("console/.htaccess", apache(path, headers)),
        file(&format!("{of_services}/_headers"), headers_file(path, names, headers)),
        file(&format!("{of_services}/_redirects"), redirects_file(path)),
    ]
}

/// The certificate authorities that the system trusts, at Debian's path. Caddy finds them by itself.
const AUTHORITIES: &str = "/etc/ssl/certs/ca-certificates.crt";

const STRING_WRITE: &str = "writing to a string cannot fail";

fn nginx(path: &PublicPath, api: &str, of_files: &[Header]) -> String {
    let base = path.as_str();
    let types = TYPES.map(|(end, kind)| format!("    {kind} {end};\n")).concat();
    // In nginx, a location that adds a header drops those of its parents, so each location adds all of them.
    let hsts = "    add_header Strict-Transport-Security $hsts always;\n".to_owned();
    let not_to_api = NOT_TO_API.map(|name| format!("    proxy_set_header {name} \"\";\n")).concat();
    let dropped = NOT_FROM_API.map(|name| format!("    proxy_hide_header {name};\n")).concat();
    let of_api = FOR_API.into_iter().fold(dropped, |mut text, (name, value)| {
        write!(text, "    proxy_hide_header {name};\n    add_header {name} \"{value}\" always;\n")
            .expect(STRING_WRITE);
        text
    }) + &hsts;
    let headers = |indent: &str, cache_control: &str| {
        of_files.iter().fold(cache_control.to_owned(), |mut text, (name, value)| {
            writeln!(text, "{indent}add_header {name} \"{value}\" always;").expect(STRING_WRITE);
            text
        }) + &hsts
    };
    let forever = headers("    ", &format!("    add_header Cache-Control \"{FOREVER}\";\n"));
    let revalidate = headers("    ", &format!("    add_header Cache-Control \"{REVALIDATE}\";\n"));
    let not_at_all = headers("    ", &format!("    add_header Cache-Control \"{NOT_AT_ALL}\" always;\n"));
    let to_console = if path.is_root() {
        String::new()
    } else {
        format!("\n  location = {} {{\n    return 307 {base};\n  }}\n", path.without_slash())
    };
    format!(
        r#"# The console with nginx 1.18 or newer. Include this file in the `http` block; on Debian it can be put into
# /etc/nginx/conf.d. To be changed: server_name, TLS, root, and where the API is.

server {{
  listen 80;
  server_name tokens.example.org;

  # For everything but a try: passwords and tokens go through here. In place of `listen 80`, not beside it, and with the
  # second server, at the end of this file.
  # listen 443 ssl;
  # ssl_certificate /etc/ssl/tokens.example.org.pem;
  # ssl_certificate_key /etc/ssl/private/tokens.example.org.key;

  # Strict-Transport-Security: browsers come by TLS only, for a year. Without a value it is not sent.
  set $hsts "";
  # set $hsts "{TLS_ONLY}";

  # The files of `console` lie in this folder and the path of the console: {base}index.html is /srv/www{base}index.html.
  root /srv/www;

  # The files that are there with .gz and .br at their end, instead of compressing them for everybody anew.
  # `brotli_static` is of a module (Debian: libnginx-mod-http-brotli-static); without it, take that line out.
  gzip_static on;
  brotli_static on;
  gzip_vary on;

  types {{
{types}  }}
  charset utf-8;
  charset_types text/css text/javascript;
  server_tokens off;
  absolute_redirect off;

  # The API on the same origin, so that no CORS is needed and `Allow` can be read.
  location ^~ {api}/ {{
    proxy_pass https://credential-manager.internal.example.org;
    proxy_ssl_server_name on;
    # Without these, nginx believes any certificate. For one of your own authority, name its file.
    proxy_ssl_verify on;
    proxy_ssl_verify_depth 3;
    proxy_ssl_trusted_certificate {AUTHORITIES};
    # What changes something is sent once. nginx would send a DELETE again, to the next address that the name has.
    proxy_next_upstream off;
    # As Caddy does: who asks, and how.
    proxy_set_header X-Forwarded-For $remote_addr;
    proxy_set_header X-Forwarded-Host $http_host;
    proxy_set_header X-Forwarded-Proto $scheme;
    # What a client says of that itself is dropped, and so are cookies, in both directions: the API would prefer one of
    # a website to the credentials of the request.
{not_to_api}    # In place of what the API sends: its answers are not kept, and none of them runs as a page of the console.
{of_api}  }}
{to_console}
  # What begins with a dot is not meant to be published.
  location ~ ^{base}(.*/)?\. {{
    return 404;
  }}

  # The name changes with the content.
  location ~ "^{base}{HASHED_NAME}$" {{
{forever}    try_files $uri =404;
  }}

  # All other files. One that is missing stays missing: a page in place of a script helps nobody.
  location ~ ^{base}(.*/)?[^/]*\.[^/]*$ {{
{revalidate}    try_files $uri =404;
  }}

  # Every screen is the same page.
  location {base} {{
{revalidate}    try_files {base}{INDEX} =404;
  }}

  error_page 404 @missing;
  location @missing {{
{not_at_all}    return 404;
  }}
}}

# With TLS: whoever comes without it is led there, and nothing else is answered.
# server {{
#   listen 80;
#   server_name tokens.example.org;
#   return 301 https://$server_name$request_uri;
# }}
"#
    )
}

fn caddy(path: &PublicPath, api: &str, headers: &[Header]) -> String {
    let base = path.as_str();
    let headers = headers.iter().fold(String::new(), |mut text, (name, value)| {
        writeln!(text, "\t\t\t\t{name} \"{value}\"").expect(STRING_WRITE);
        text
    });
    let of_api = FOR_API.map(|(name, value)| format!("\t\t\t{name} \"{value}\"\n")).concat();
    let not_to_api = NOT_TO_API.map(|name| format!("\t\t\theader_up -{name}\n")).concat();
    let without = |name: &str| format!("\t\t\theader_down -{name}\n");
    let not_of_api = FOR_API.map(|(name, _)| without(name)).concat() + &NOT_FROM_API.map(without).concat();
    let to_console = if path.is_root() {
        String::new()
    } else {
        format!("\tredir {} {base} 307\n\n", path.without_slash())
    };
    format!(
        r#"# The console with Caddy 2.6 or newer. To be changed: the host, root, and where the API is. Caddy gets the
# certificate by itself.

tokens.example.org {{
	# The files of `console` lie in this folder and the path of the console: {base}index.html is
	# /srv/www{base}index.html.
	root * /srv/www

	# Browsers come by TLS only, for a year.
	# header Strict-Transport-Security "{TLS_ONLY}"

	# The API on the same origin, so that no CORS is needed and `Allow` can be read.
	handle {api}/* {{
		# In place of what the API sends: its answers are not kept, and none of them runs as a page of the console.
		header {{
{of_api}		}}
		reverse_proxy https://credential-manager.internal.example.org {{
			header_up Host {{upstream_hostport}}
			# Caddy says who asks, and how. What a client says of that itself is dropped, and so are cookies, in both
			# directions: the API would prefer one of a website to the credentials of the request.
{not_to_api}{not_of_api}		}}
	}}

{to_console}	handle {base}* {{
		# In this order, which is not the one that Caddy would choose.
		route {{
			header {{
{headers}				Cache-Control "{NOT_AT_ALL}"
			}}

			# What begins with a dot is not meant to be published.
			@hidden path_regexp /\.
			error @hidden 404

			# An address without a dot in its last part is a screen, and every screen is the same page. A file that
			# is missing stays missing: a page in place of a script helps nobody.
			@screen path_regexp /[^./]*$
			rewrite @screen {base}{INDEX}

			# What is missing keeps `{NOT_AT_ALL}`.
			@file file
			header @file Cache-Control "{REVALIDATE}"
			# The name changes with the content.
			@hashed {{
				path_regexp ^{base}{HASHED_NAME}$
				file
			}}
			header @hashed Cache-Control "{FOREVER}"

			# The files that are there with .br and .gz at their end, instead of compressing them for everybody anew.
			header @file {{
				Vary Accept-Encoding
				defer
			}}
			file_server {{
				precompressed br gzip
				index {INDEX}
			}}
		}}
	}}
}}
"#
    )
}

/// Returns the configuration that `.htaccess` cannot contain.
fn apache_host(path: &PublicPath, api: &str) -> String {
    let base = path.as_str();
    // Apache has two lists of headers: that of the answer, and that of its own, which is sent with errors as well.
    let not_to_api = NOT_TO_API.map(|name| format!("    RequestHeader unset {name}\n")).concat();
    let dropped = NOT_FROM_API.map(|name| format!("    Header unset {name}\n")).concat();
    let of_api = FOR_API.into_iter().fold(dropped, |mut text, (name, value)| {
        write!(text, "    Header unset {name}\n    Header always set {name} \"{value}\"\n")
            .expect(STRING_WRITE);
        text
    });
    format!(
        r#"# The console with Apache 2.4, for /etc/apache2/sites-available on Debian, after `a2enmod rewrite headers proxy_http
# ssl`. To be changed: ServerName, TLS, the folder, and where the API is.

<VirtualHost *:80>
  ServerName tokens.example.org

  # For everything but a try: passwords and tokens go through here. With <VirtualHost *:443> in place of *:80, and with
  # the second virtual host, at the end of this file.
  # SSLEngine on
  # SSLCertificateFile /etc/ssl/tokens.example.org.pem
  # SSLCertificateKeyFile /etc/ssl/private/tokens.example.org.key
  # Browsers come by TLS only, for a year.
  # Header always set Strict-Transport-Security "{TLS_ONLY}"

  # The files of `console` lie in this folder and the path of the console: {base}index.html is /srv/www{base}index.html.
  DocumentRoot /srv/www
  <Directory /srv/www>
    Require all granted
    # The rest is in the .htaccess of `console`.
    AllowOverride FileInfo
  </Directory>

  # Where the API breaks off without an answer, Apache closes a connection that was kept alive, also without one, and
  # browsers then send the request again: a token would be created twice. On a new connection Apache answers with 502.
  # HTTP/2 needs no other setting (`a2enmod http2`, `Protocols h2 http/1.1`), and keeps its connections all the same.
  KeepAlive Off

  # The API on the same origin, so that no CORS is needed and `Allow` can be read.
  ProxyPass {api}/ https://credential-manager.internal.example.org{api}/
  SSLProxyEngine on
  # Without these, Apache believes any certificate. For one of your own authority, name its file.
  SSLProxyVerify require
  SSLProxyVerifyDepth 3
  SSLProxyCACertificateFile {AUTHORITIES}
  <Location {api}/>
    # As Caddy does: who asks, and how. Apache adds the address and the host.
    RequestHeader unset X-Forwarded-For
    RequestHeader unset X-Forwarded-Host
    RequestHeader set X-Forwarded-Proto "expr=%{{REQUEST_SCHEME}}"
    # What a client says of that itself is dropped, and so are cookies, in both directions: the API would prefer one of
    # a website to the credentials of the request.
{not_to_api}    # In place of what the API sends: its answers are not kept, and none of them runs as a page of the console.
{of_api}  </Location>
</VirtualHost>

# With TLS: whoever comes without it is led there, and nothing else is answered.
# <VirtualHost *:80>
#   ServerName tokens.example.org
#   Redirect permanent / https://tokens.example.org/
# </VirtualHost>
"#
    )
}

fn apache(path: &PublicPath, headers: &[Header]) -> String {
    let base = path.as_str();
    let headers = headers.iter().fold(String::new(), |mut text, (name, value)| {
        writeln!(text, "Header always set {name} \"{value}\"").expect(STRING_WRITE);
        text
    });
    let mut compressed = String::new();
    for (end, coding) in [("br", "br"), ("gz", "gzip")] {
        write!(
            compressed,
            "RewriteCond %{{HTTP:Accept-Encoding}} \"{}\" [NC]\nRewriteCond %{{REQUEST_FILENAME}}.{end} -f\n\
             RewriteRule ^(.+)$ $1.{end} [END]\n",
            accepts(coding)
        )
        .expect(STRING_WRITE);
    }
    let mut types = String::new();
    for (end, kind) in TYPES {
        writeln!(types, "AddType {kind} .{end}").expect(STRING_WRITE);
        for (packed, coding) in [("br", "br"), ("gz", "gzip")] {
            write!(
                types,
                "<FilesMatch \"\\.{end}\\.{packed}$\">\n  ForceType {kind}\n  Header set Content-Encoding {coding}\n\
                 </FilesMatch>\n"
            )
            .expect(STRING_WRITE);
        }
    }
    format!(
        r#"# The console with Apache 2.4: with mod_rewrite and mod_headers, and `AllowOverride FileInfo` for this folder. It
# is served at {base}; what belongs into the host's own configuration is in hosts/apache.conf.

# Compressed beforehand, and not once more.
SetEnv no-gzip 1
SetEnv no-brotli 1
AddDefaultCharset utf-8

RewriteEngine On
RewriteBase {base}

# What begins with a dot is not meant to be published.
RewriteRule (^|/)\. - [R=404,L]

# Every screen (an address without a dot in its last part) is the same page. A file that is missing stays missing: a
# page in place of a script helps nobody.
RewriteRule ^(.*/)?[^./]*$ {INDEX} [DPI,L]

# The files that are there with .br and .gz at their end, instead of compressing them for everybody anew.
{compressed}
# The types of both; without these, .gz would be one of its own, and .br, on Debian, would say that it is in Breton.
RemoveType .gz .br
RemoveEncoding .gz .br
RemoveLanguage .br
{types}
{headers}Header merge Vary Accept-Encoding
Header set Cache-Control "{REVALIDATE}"
<FilesMatch "^{HASHED_NAME}(\.br|\.gz)?$">
  Header set Cache-Control "{FOREVER}"
</FilesMatch>
Header always set Cache-Control "{NOT_AT_ALL}" "expr=%{{REQUEST_STATUS}} == 404"
"#
    )
}

/// Returns a regular expression for an `Accept-Encoding` that names this coding, except with a quality of 0, which
/// refuses it.
fn accepts(coding: &str) -> String {
    format!(r"(^|,)\s*{coding}\s*($|,|;\s*q=(?!0(\.0*)?\s*($|,)))")
}

/// Returns `_headers`, in the format of Netlify and Cloudflare. Both compress by themselves, know the content types,
/// and have browsers revalidate cached files unless told otherwise. Files are listed by name: patterns differ between
/// the two.
fn headers_file(path: &PublicPath, names: &[String], headers: &[Header]) -> String {
    let base = path.as_str();
    let mut text = String::from(
        "# For Netlify and Cloudflare: the headers of the console. Lies in the root of the site.\n",
    );
    writeln!(text, "{base}*").expect(STRING_WRITE);
    for (name, value) in headers {
        writeln!(text, "  {name}: {value}").expect(STRING_WRITE);
    }
    text += "# The names of these change with their content.\n";
    for name in names.iter().filter(|name| has_hash(name)) {
        write!(text, "{base}{name}\n  Cache-Control: {FOREVER}\n").expect(STRING_WRITE);
    }
    text
}

/// Returns `_redirects`, in the format of Netlify and Cloudflare. A line for every screen, not one for everything: so a
/// missing file stays a 404, and Cloudflare treats a catch-all rule as an endless loop.
fn redirects_file(path: &PublicPath) -> String {
    let base = path.as_str();
    let mut text = String::from(
        "# For Netlify and Cloudflare: every screen of the console is the same page. Lies in the root of the site.\n",
    );
    for screen in SCREENS {
        writeln!(text, "{base}{screen} {base} 200").expect(STRING_WRITE);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names() -> Vec<String> {
        ["index.html", "console-0123456789abcdef_bg.wasm", "style-fedcba9876543210.css"]
            .map(str::to_owned)
            .into()
    }

    fn path(text: &str) -> PublicPath {
        text.parse().unwrap()
    }

    #[test]
    fn every_host_has_every_header() {
        for (base, api_origin) in
            [("/", None), ("/console/", None), ("/", Some("https://api.example.org:8443"))]
        {
            let api = api_origin.map_or(Api::Path(DEFAULT_API), Api::Origin);
            let files = all(&path(base), &names(), api);
            for name in ["nginx.conf", "Caddyfile", "apache.conf"] {
                let file = files.iter().find(|file| file.path.ends_with(name)).unwrap();
                for (header, value) in FOR_API {
                    assert!(file.content.contains(&format!("{header} \"{value}\"")), "{name}: {header}");
                }
                for header in NOT_FROM_API.iter().chain(&NOT_TO_API) {
                    assert!(file.content.contains(header), "{name}: {header}");
                }
                let is_hsts = |line: &str| line.trim().starts_with("# ") && line.contains(TLS_ONLY);
                assert_eq!(file.content.lines().filter(|line| is_hsts(line)).count(), 1, "{name}");
            }
            let others = ["_redirects", "apache.conf"];
            for file in files.iter().filter(|file| others.iter().all(|other| !file.path.ends_with(other))) {
                for (name, value) in for_files(api_origin) {
                    assert!(
                        file.content.contains(name) && file.content.contains(&value),
                        "{}: {name}",
                        file.path
                    );
                }
                assert!(file.content.contains(FOREVER), "{}", file.path);
                assert!(file.content.contains(base), "{}", file.path);
            }
        }
    }

    #[test]
    fn a_page_may_connect_to_its_api() {
        let policies = |api| {
            let files = all(&path("/"), &names(), api);
            let lines =
                files.iter().flat_map(|file| file.content.lines().map(str::to_owned)).collect::<Vec<_>>();
            lines.into_iter().filter(|line| line.contains("connect-src")).collect::<Vec<_>>()
        };
        let own = policies(Api::Path(DEFAULT_API));
        let other = policies(Api::Origin("https://api.example.org"));
        assert_eq!(own.len(), other.len());
        assert!(own.iter().all(|line| line.contains("connect-src 'self';")), "{own:?}");
        assert!(
            other.iter().all(|line| line.contains("connect-src 'self' https://api.example.org;")),
            "{other:?}"
        );
    }

    /// A server that trusts any certificate hands tokens to anybody in between.
    #[test]
    fn the_certificate_of_the_api_is_checked() {
        let texts = [
            (
                nginx(&path("/"), DEFAULT_API, &for_files(None)),
                ["proxy_ssl_verify on;", "proxy_ssl_trusted_certificate /"],
            ),
            (apache_host(&path("/"), DEFAULT_API), ["SSLProxyVerify require", "SSLProxyCACertificateFile /"]),
        ];
        for (text, settings) in texts {
            assert!(text.contains("https://credential-manager.internal.example.org"));
            for setting in settings {
                assert_eq!(text.matches(setting).count(), 1, "{setting}");
            }
        }
    }

    /// Unless told otherwise, nginx retries at the next address of the API's name when a connection breaks off, and
    /// Apache has browsers retry.
    #[test]
    fn what_changes_something_is_sent_once() {
        assert!(apache_host(&path("/"), DEFAULT_API).contains("\n  KeepAlive Off\n"));
        let text = nginx(&path("/"), DEFAULT_API, &for_files(None));
        let (_, api) = text.split_once("location ^~ /api/v1/ {").unwrap();
        assert!(api.split_once('}').unwrap().0.contains("proxy_next_upstream off;"), "{api}");
    }

    /// Otherwise the console would get its own page in place of every answer.
    #[test]
    fn what_the_console_requests_is_forwarded() {
        for api in [DEFAULT_API, "/credentials/api/v2"] {
            let files = all(&path("/console/"), &names(), Api::Path(api));
            for (name, lines) in [
                ("nginx.conf", vec![format!("  location ^~ {api}/ {{")]),
                ("Caddyfile", vec![format!("\thandle {api}/* {{")]),
                (
                    "apache.conf",
                    vec![
                        format!("  ProxyPass {api}/ https://credential-manager.internal.example.org{api}/"),
                        format!("  <Location {api}/>"),
                    ],
                ),
            ] {
                let text = &files.iter().find(|file| file.path.ends_with(name)).unwrap().content;
                for line in lines {
                    assert!(text.lines().any(|found| found == line), "{line} in {name}");
                }
                assert_eq!(text.contains(DEFAULT_API), api == DEFAULT_API, "{name}");
            }
        }
    }

    /// Returns what is commented out at the end of a configuration.
    fn at_the_end(text: &str) -> String {
        let (_, comment) = text.rsplit_once("\n\n").unwrap();
        let lines = comment.lines().skip(1).map(|line| line.strip_prefix("# ").unwrap().to_owned() + "\n");
        lines.collect()
    }

    /// Whoever turns TLS on must not leave the API open to requests without it.
    #[test]
    fn without_tls_there_is_nothing_but_the_way_to_it() {
        let nginx = nginx(&path("/"), DEFAULT_API, &for_files(None));
        assert_eq!(
            at_the_end(&nginx),
            "server {\n  listen 80;\n  server_name tokens.example.org;\n  \
             return 301 https://$server_name$request_uri;\n}\n"
        );
        assert_eq!(nginx.matches("\n  listen 80;").count(), 1);
        let (before, _) = nginx.split_once("\n  # listen 443 ssl;\n").unwrap();
        assert!(before.rsplit_once("\n\n").unwrap().1.contains("In place of `listen 80`, not beside it"));

        let apache = apache_host(&path("/"), DEFAULT_API);
        assert_eq!(
            at_the_end(&apache),
            "<VirtualHost *:80>\n  ServerName tokens.example.org\n  \
             Redirect permanent / https://tokens.example.org/\n</VirtualHost>\n"
        );
        assert_eq!(apache.matches("\n<VirtualHost *:80>").count(), 1);
        assert!(apache.contains("With <VirtualHost *:443> in place of *:80, and with"));
    }

    #[test]
    fn services_find_their_files_in_the_root_of_the_site() {
        let paths = |base| {
            all(&path(base), &names(), Api::Path(DEFAULT_API))
                .into_iter()
                .map(|file| file.path)
                .collect::<Vec<_>>()
        };
        assert!(paths("/").contains(&"console/_headers".to_owned()));
        assert!(paths("/console/").contains(&"hosts/_headers".to_owned()));
    }

    #[test]
    fn only_hashed_files_are_kept_for_a_year() {
        let headers = headers_file(&path("/c/"), &names(), &for_files(None));
        let kept: Vec<_> = headers.lines().filter(|line| line.starts_with("/c/")).collect();
        assert_eq!(kept, ["/c/*", "/c/console-0123456789abcdef_bg.wasm", "/c/style-fedcba9876543210.css"]);
    }

    /// Returns the paths that `Route` parses, from its patterns of segments, such as `["tokens", id]`, with an example
    /// in place of each variable.
    fn routes() -> Vec<String> {
        let source = include_str!("../../../src/routes.rs").split("#[cfg(test)]").next().unwrap();
        let patterns = source.lines().filter_map(|line| line.trim().strip_prefix('[')?.split_once("] =>"));
        let segment = |text: &str| match text.trim().strip_prefix('"') {
            Some(literal) => literal.trim_end_matches('"').to_owned(),
            None => "51".to_owned(),
        };
        patterns
            .map(|(pattern, _)| pattern.split(',').map(segment).collect::<Vec<_>>().join("/"))
            .filter(|route| !route.is_empty())
            .collect()
    }

    #[test]
    fn services_are_told_every_screen() {
        let routes = routes();
        for route in &routes {
            let is_told = SCREENS.iter().any(|screen| match screen.strip_suffix('*') {
                Some(above) => route.starts_with(above),
                None => route == screen,
            });
            assert!(is_told, "/{route} of src/routes.rs");
        }
        for expected in ["sign-in", "tokens", "tokens/new", "tokens/51", "tokens/51/rotate"] {
            assert!(routes.iter().any(|route| route == expected), "/{expected} is found: {routes:?}");
        }
    }
}
