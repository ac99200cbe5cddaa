//! How a token is used elsewhere, ready to be copied. A snippet names a variable and never contains the secret.

use crate::secret::Secret;

/// The variable's name if nothing of the token's name can be used in it.
const FALLBACK: &str = "API_TOKEN";

/// The length after which no more of the token's name is taken into the variable's name.
const LONGEST_NAME: usize = 60;

/// Returns the name of the environment variable for a token, such as `ALICE_TOKEN_01`, from the token's name in lower
/// case and without diacritics (`catalogue::fold`).
///
/// It is valid in every shell, in Python, and as a GitHub Actions secret: ASCII letters, digits and underscores,
/// beginning with neither a digit nor `GITHUB_`. It always says that it is a token, so that a token called "path"
/// does not become the variable `PATH`.
pub fn variable(folded_name: &str) -> String {
    let mut variable = String::new();
    for c in folded_name.chars() {
        if variable.len() >= LONGEST_NAME {
            break;
        }
        if c.is_ascii_alphanumeric() {
            variable.push(c.to_ascii_uppercase());
        } else if !variable.is_empty() && !variable.ends_with('_') {
            variable.push('_');
        }
    }
    let said = variable.trim_end_matches('_');
    if said.is_empty() {
        return FALLBACK.to_owned();
    }
    if said.starts_with(|c: char| c.is_ascii_digit()) || said.starts_with("GITHUB") {
        return format!("{FALLBACK}_{said}");
    }
    let is_said = said.split('_').any(|word| matches!(word, "TOKEN" | "TOKENS" | "KEY" | "SECRET"));
    if is_said { said.to_owned() } else { format!("{said}_TOKEN") }
}

/// Returns the absolute address of the API; `base` may be a path on the console's own origin.
pub fn absolute(origin: &str, base: &str) -> String {
    if base.contains("://") { base.to_owned() } else { format!("{origin}{base}") }
}

/// The place that a snippet is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Snippet {
    /// The header alone.
    Header,
    /// A request with curl.
    Curl,
    /// A request with Python's `requests`.
    Python,
    /// A line of an environment file.
    Environment,
    /// A GitHub Actions secret.
    GitHubActions,
}

/// The values that a snippet is filled with. No secret among them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Filling {
    /// The name of the variable that holds the token.
    pub variable: String,
    /// The header that carries a token.
    pub header: String,
    /// The absolute address of the API.
    pub api: String,
}

impl Snippet {
    /// All snippets, in the order of the screen.
    pub const ALL: [Self; 5] =
        [Self::Header, Self::Curl, Self::Python, Self::Environment, Self::GitHubActions];

    /// Returns the title.
    pub const fn title(self) -> &'static str {
        match self {
            Self::Header => "HTTP header",
            Self::Curl => "curl",
            Self::Python => "Python requests",
            Self::Environment => "Environment file",
            Self::GitHubActions => "GitHub Actions secret",
        }
    }

    /// Returns the hint below the title.
    pub const fn hint(self) -> &'static str {
        match self {
            Self::Header => "Most programs replace ${…} with the variable.",
            Self::Curl | Self::Python => "Reads the token from the variable.",
            Self::Environment => "Paste the token after the equals sign, or download the file below.",
            Self::GitHubActions => "The first line asks for the token; the rest belongs in the workflow.",
        }
    }

    /// Returns the text to copy.
    pub fn text(self, filling: &Filling) -> String {
        let Filling { variable, header, api } = filling;
        let address = format!("{api}/api_tokens/");
        match self {
            Self::Header => format!("{header}: ${{{variable}}}"),
            Self::Curl => format!(
                "curl --header \"{}: ${variable}\" \\\n  \"{}\"",
                shell_quoted(header),
                shell_quoted(&address)
            ),
            Self::Python => format!(
                "import os\n\
                 \n\
                 import requests\n\
                 \n\
                 response = requests.get(\n    \"{address}\",\n    \
                 headers={{\"{header}\": os.environ[\"{variable}\"]}},\n    \
                 timeout=30,\n\
                 )\n\
                 response.raise_for_status()\n\
                 print(response.json())"
            ),
            Self::Environment => format!("{variable}="),
            Self::GitHubActions => format!(
                "# gh secret set {variable}\n\
                 env:\n  \
                 {variable}: ${{{{ secrets.{variable} }}}}"
            ),
        }
    }
}

/// Escapes a text for use between double quotes in a shell.
fn shell_quoted(text: &str) -> String {
    let mut quoted = String::with_capacity(text.len());
    for c in text.chars() {
        if matches!(c, '$' | '`' | '"' | '\\') {
            quoted.push('\\');
        }
        quoted.push(c);
    }
    quoted
}

/// The media type of an environment file.
pub const FILE_TYPE: &str = "text/plain";

/// Returns the name of the environment file for a variable. Not `.env`: browsers strip the leading dot.
pub fn file_name(variable: &str) -> String {
    format!("{}.env", variable.to_ascii_lowercase())
}

/// Returns an environment file with the secret. A token of the documented alphabet (API.md part 2) needs no quotes;
/// any other one gets quotes that both shells and the usual readers of such files understand.
pub fn file(variable: &str, secret: &Secret) -> Secret {
    let text = secret.expose();
    let is_plain = text.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '-' | '~'));
    // Allocated at full size: a string that grows leaves copies of the secret behind.
    let mut file = String::with_capacity(variable.len() + 4 * text.len() + 4);
    file.push_str(variable);
    file.push('=');
    if is_plain {
        file.push_str(text);
    } else {
        file.push('\'');
        for c in text.chars() {
            if c == '\'' {
                file.push_str("'\\''");
            } else {
                file.push(c);
            }
        }
        file.push('\'');
    }
    file.push('\n');
    Secret::new(file)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn variables_of_names() {
        for (name, expected) in [
            ("alice-token-01", "ALICE_TOKEN_01"),
            ("admin-ci", "ADMIN_CI_TOKEN"),
            ("api key (staging)", "API_KEY_STAGING"),
            ("path", "PATH_TOKEN"),
            ("tokenizer", "TOKENIZER_TOKEN"),
            ("  -- ci --  ", "CI_TOKEN"),
            ("2024 deploy", "API_TOKEN_2024_DEPLOY"),
            ("007", "API_TOKEN_007"),
            ("github actions", "API_TOKEN_GITHUB_ACTIONS"),
            ("Grün", "GR_N_TOKEN"),
            ("日本語", "API_TOKEN"),
            ("---", "API_TOKEN"),
            ("", "API_TOKEN"),
        ] {
            assert_eq!(variable(name), expected, "{name}");
        }
    }

    #[test]
    fn an_address_is_absolute() {
        assert_eq!(absolute("https://a.example", "/api/v1"), "https://a.example/api/v1");
        assert_eq!(absolute("https://a.example", ""), "https://a.example");
        assert_eq!(absolute("https://a.example", "https://b.example/api/v1"), "https://b.example/api/v1");
    }

    fn filling() -> Filling {
        Filling {
            variable: "CI_TOKEN".into(),
            header: "X-API-TOKEN".into(),
            api: "https://a.example/api/v1".into(),
        }
    }

    #[test]
    fn snippets_as_they_are_copied() {
        let text = |snippet: Snippet| snippet.text(&filling());
        assert_eq!(text(Snippet::Header), "X-API-TOKEN: ${CI_TOKEN}");
        assert_eq!(
            text(Snippet::Curl),
            "curl --header \"X-API-TOKEN: $CI_TOKEN\" \\\n  \"https://a.example/api/v1/api_tokens/\""
        );
        assert_eq!(
            text(Snippet::Python),
            r#"import os

import requests

response = requests.get(
    "https://a.example/api/v1/api_tokens/",
    headers={"X-API-TOKEN": os.environ["CI_TOKEN"]},
    timeout=30,
)
response.raise_for_status()
print(response.json())"#
        );
        assert_eq!(text(Snippet::Environment), "CI_TOKEN=");
        assert_eq!(
            text(Snippet::GitHubActions),
            "# gh secret set CI_TOKEN\nenv:\n  CI_TOKEN: ${{ secrets.CI_TOKEN }}"
        );
    }

    /// A deployment may choose both.
    #[test]
    fn a_shell_expands_nothing_but_the_variable() {
        let odd = Filling { header: "X-$`HOME".into(), api: "https://a.example/$b".into(), ..filling() };
        let text = Snippet::Curl.text(&odd);
        assert!(text.contains(r#""X-\$\`HOME: $CI_TOKEN""#), "{text}");
        assert!(text.contains(r#""https://a.example/\$b/api_tokens/""#), "{text}");
    }

    #[test]
    fn the_file_has_the_secret() {
        let file = |secret: &str| file("CI_TOKEN", &Secret::new(secret.into())).expose().to_owned();
        assert_eq!(file("aZ09_.-~"), "CI_TOKEN=aZ09_.-~\n");
        assert_eq!(file("a b$c'd"), "CI_TOKEN='a b$c'\\''d'\n");
        assert_eq!(file_name("CI_TOKEN"), "ci_token.env");
    }

    proptest! {
        #[test]
        fn every_name_gives_a_variable(name in ".{0,100}") {
            let variable = variable(&name);
            prop_assert!(variable.chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_'));
            prop_assert!(variable.starts_with(|c: char| c.is_ascii_uppercase()), "{variable}");
            prop_assert!(!variable.starts_with("GITHUB"));
            prop_assert!(!variable.ends_with('_') && !variable.contains("__"), "{variable}");
            prop_assert!(["TOKEN", "KEY", "SECRET"].iter().any(|word| variable.contains(word)), "{variable}");
            prop_assert!(variable.len() <= LONGEST_NAME + 10);
        }
    }
}
