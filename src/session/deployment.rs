//! What tells this console from another one on the same origin.

/// Returns the name of a deployment, from the path of the console and the address of its API. It is the name of the
/// channel between the tabs and part of the keys of what is stored, so two consoles on one origin, for two servers or
/// under two paths, neither hear each other nor find each other's data.
pub fn deployment_name(base: &str, api_base: &str) -> String {
    format!("credmgr {base}/ {api_base}")
}

/// Returns the key under which a deployment keeps something in a tab.
pub(super) fn tab_key(deployment: &str, what: &str) -> String {
    format!("{deployment} {what}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn consoles_of_one_origin_have_names_of_their_own() {
        let names = [
            deployment_name("", "/api/v1"),
            deployment_name("/console", "/api/v1"),
            deployment_name("", "/console/api/v1"),
            deployment_name("", "https://b.example/api/v1"),
        ];
        for (index, name) in names.iter().enumerate() {
            assert!(!names[..index].contains(name), "{name}");
        }
    }
}
