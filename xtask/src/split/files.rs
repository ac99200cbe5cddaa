//! The files that the console is split into: their names, and the hashes that browsers check.

use std::fmt::Write;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use sha2::{Digest, Sha384};

use crate::dist::page::{self, Loaded};

/// The common prefix of their names.
pub(super) const STEM: &str = "credmgr-console";

/// Copies a generated file into `folder` under its final name: `before`, a hash of the content, and `after`.
pub(super) fn put(made: &Path, folder: &Path, before: &str, after: &str) -> Result<Loaded> {
    let content = fs::read(made).with_context(|| format!("cannot read {}", made.display()))?;
    let file = named(&content, before, after);
    let target = folder.join(&file.name);
    fs::write(&target, content).with_context(|| format!("cannot write {}", target.display()))?;
    Ok(file)
}

fn named(content: &[u8], before: &str, after: &str) -> Loaded {
    // 16 digits, as in Trunk's names: by that, web servers recognise a hash.
    let hash = Sha384::digest(content).iter().take(8).fold(String::new(), |mut hash, byte| {
        // Writing to a string cannot fail.
        let _ = write!(hash, "{byte:02x}");
        hash
    });
    Loaded { name: format!("{before}-{hash}{after}"), integrity: page::integrity(content) }
}

/// The names that the splitter's WebAssemblies get in the console, without their hash: `split_sign_in` is the part
/// `sign-in`; those shared by several parts are numbered in the order in which they are encountered.
#[derive(Debug, Default)]
pub(super) struct Names {
    shared: usize,
}

impl Names {
    pub(super) fn next(&mut self, splitters: &str) -> String {
        if let Some(part) = splitters.strip_prefix("split_") {
            return format!("{STEM}-{}", part.replace('_', "-"));
        }
        self.shared += 1;
        format!("{STEM}-shared-{}", self.shared)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dist::headers::has_hash;
    use crate::scratch::Scratch;

    #[test]
    fn a_name_has_the_hash_of_the_content() {
        for (before, after) in [("app", ".js"), ("app", "_bg.wasm"), ("app-sign-in", ".wasm")] {
            let file = named(b"content", before, after);
            assert!(has_hash(&file.name), "{}", file.name);
            assert!(file.name.starts_with(before) && file.name.ends_with(after), "{}", file.name);
            assert_ne!(named(b"other", before, after).name, file.name);
            assert!(file.integrity.starts_with("sha384-"));
        }
    }

    #[test]
    fn a_file_lies_under_its_name() {
        let scratch = Scratch::new("split-put");
        scratch.write("made/x", "content");
        let file = put(&scratch.path().join("made/x"), scratch.path(), "app", ".js").unwrap();
        assert_eq!(fs::read_to_string(scratch.path().join(&file.name)).unwrap(), "content");
        assert!(put(&scratch.path().join("absent"), scratch.path(), "app", ".js").is_err());
    }

    #[test]
    fn parts_keep_their_names_and_what_is_shared_is_numbered() {
        let mut names = Names::default();
        assert_eq!(names.next("chunk_4"), "credmgr-console-shared-1");
        assert_eq!(names.next("split_sign_in"), "credmgr-console-sign-in");
        assert_eq!(names.next("chunk_7"), "credmgr-console-shared-2");
    }
}
