//! Decides by content whether something has to be rebuilt.
//!
//! Not by modification times: checking out another branch, or the same one again, changes these without changing
//! anything else, or the other way round.

use std::collections::hash_map::DefaultHasher;
use std::fs;
use std::hash::{Hash, Hasher};
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

/// A record of the last build: its inputs and its outputs.
///
/// Both are compared. With the inputs alone, a directory would count as up to date even if its contents were replaced
/// since, for example by an unoptimised build.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Stamp {
    pub(crate) inputs: Fingerprint,
    pub(crate) outputs: Fingerprint,
}

/// A hash of contents.
///
/// Another Rust release may hash differently, which costs one unnecessary build.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Fingerprint(u64);

impl Fingerprint {
    /// Returns the fingerprint of anything that can be hashed.
    pub(crate) fn of(value: &impl Hash) -> Self {
        let mut hasher = DefaultHasher::new();
        value.hash(&mut hasher);
        Self(hasher.finish())
    }

    /// Returns the fingerprint of the names and contents of all files below `directory`, without what lies at the paths
    /// in `skip`. A directory that does not exist counts as empty. Links to directories are not followed: they may lead
    /// to anything, even back. What matters of them is where they lead.
    pub(crate) fn of_tree(directory: &Path, skip: &[PathBuf]) -> Result<Self> {
        let root = canonical(directory);
        // Both a link, and what it leads to.
        let skip: Vec<_> = skip
            .iter()
            .flat_map(|path| [canonical(path), root.join(path.strip_prefix(directory).unwrap_or(path))])
            .collect();
        let mut files = Vec::new();
        collect(&root, &skip, &mut files)?;
        files.sort();
        let mut hasher = DefaultHasher::new();
        for file in files {
            let content = if file.is_file() {
                fs::read(&file)
            } else {
                fs::read_link(&file).map(|target| target.into_os_string().into_encoded_bytes())
            };
            let content = content.with_context(|| format!("cannot read {}", file.display()))?;
            let name = file.strip_prefix(&root).unwrap_or(&file);
            (name, content).hash(&mut hasher);
        }
        Ok(Self(hasher.finish()))
    }
}

/// Returns the path without links and `..`, or as it is if nothing is there.
fn canonical(path: &Path) -> PathBuf {
    fs::canonicalize(path).unwrap_or_else(|_| path.to_owned())
}

fn collect(directory: &Path, skip: &[PathBuf], files: &mut Vec<PathBuf>) -> Result<()> {
    let entries = match fs::read_dir(directory) {
        Ok(entries) => entries,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(()),
        Err(error) => {
            return Err(error).with_context(|| format!("cannot list {}", directory.display()));
        }
    };
    for entry in entries {
        let entry = entry?;
        let path = entry.path();
        // Of the entry itself, also if it is a link.
        let kind = entry.file_type()?;
        if skip.contains(&path) {
            continue;
        }
        if kind.is_dir() {
            collect(&path, skip, files)?;
        } else if kind.is_file() || kind.is_symlink() {
            files.push(path);
        }
    }
    Ok(())
}

impl Stamp {
    /// Reads a stamp; `None` if it is missing or unreadable, which leads to a rebuild.
    pub(crate) fn read(file: &Path) -> Option<Self> {
        Self::parse(&fs::read_to_string(file).ok()?)
    }

    pub(crate) fn write(&self, file: &Path) -> Result<()> {
        if let Some(directory) = file.parent() {
            fs::create_dir_all(directory)?;
        }
        fs::write(file, self.format()).with_context(|| format!("cannot write {}", file.display()))
    }

    fn parse(text: &str) -> Option<Self> {
        let mut numbers = text.split_whitespace().map(|word| u64::from_str_radix(word, 16).map(Fingerprint));
        match (numbers.next(), numbers.next(), numbers.next()) {
            (Some(Ok(inputs)), Some(Ok(outputs)), None) => Some(Self { inputs, outputs }),
            _ => None,
        }
    }

    fn format(&self) -> String {
        format!("{:016x} {:016x}\n", self.inputs.0, self.outputs.0)
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::symlink;

    use super::*;
    use crate::scratch::Scratch;

    /// Returns the folder of a small work tree.
    fn work_tree(test: &str) -> Scratch {
        let tree = Scratch::new(test);
        tree.write("src/lib.rs", "one");
        tree.write("index.html", "two");
        tree
    }

    fn fingerprint(tree: &Scratch) -> Fingerprint {
        Fingerprint::of_tree(tree.path(), &[tree.path().join("target")]).unwrap()
    }

    #[test]
    fn contents_names_and_number_of_files_matter() {
        let tree = work_tree("fingerprint-matter");
        let before = fingerprint(&tree);

        tree.write("src/lib.rs", "changed");
        let changed = fingerprint(&tree);
        assert_ne!(before, changed);

        fs::rename(tree.path().join("src/lib.rs"), tree.path().join("src/main.rs")).unwrap();
        let renamed = fingerprint(&tree);
        assert_ne!(changed, renamed);

        tree.write("src/lib.rs", "");
        assert_ne!(renamed, fingerprint(&tree));
    }

    #[test]
    fn times_do_not_matter() {
        let tree = work_tree("fingerprint-times");
        let before = fingerprint(&tree);
        let file = fs::File::options().write(true).open(tree.path().join("src/lib.rs")).unwrap();
        file.set_modified(std::time::SystemTime::UNIX_EPOCH).unwrap();
        assert_eq!(before, fingerprint(&tree));
    }

    #[test]
    fn skipped_directories_do_not_matter_at_the_top() {
        let tree = work_tree("fingerprint-skipped");
        let before = fingerprint(&tree);
        tree.write("target/out", "x");
        assert_eq!(before, fingerprint(&tree));

        tree.write("src/target/mod.rs", "x");
        assert_ne!(before, fingerprint(&tree));
    }

    #[test]
    fn a_skipped_directory_may_lie_anywhere() {
        let tree = work_tree("fingerprint-below");
        let before = fingerprint(&tree);
        tree.write("build/out/console.wasm", "x");
        tree.write("build/script", "x");
        let with_script = |skip: &str| Fingerprint::of_tree(tree.path(), &[tree.path().join(skip)]).unwrap();
        assert_eq!(before, with_script("build"));
        assert_eq!(before, with_script("src/../build"));
        let without_output = with_script("build/out");
        assert_ne!(before, without_output);
        tree.write("build/out/console.wasm", "y");
        assert_eq!(without_output, with_script("build/out"));
    }

    #[test]
    fn links_to_directories_are_not_followed() {
        let (tree, elsewhere) = (work_tree("fingerprint-links"), work_tree("fingerprint-elsewhere"));
        let link = |to: &Path| symlink(to, tree.path().join("link")).unwrap();
        let without = fingerprint(&tree);
        link(elsewhere.path());
        let with = fingerprint(&tree);
        assert_ne!(without, with);
        elsewhere.write("more", "x");
        assert_eq!(with, fingerprint(&tree));
        // Not even in circles.
        fs::remove_file(tree.path().join("link")).unwrap();
        link(tree.path());
        assert_ne!(with, fingerprint(&tree));
        fs::rename(tree.path().join("link"), tree.path().join("target")).unwrap();
        assert_eq!(without, fingerprint(&tree), "a link can be skipped");
    }

    #[test]
    fn a_link_to_a_file_counts_as_its_content() {
        let (tree, elsewhere) = (work_tree("fingerprint-linked-file"), work_tree("fingerprint-linked-to"));
        symlink(elsewhere.path().join("index.html"), tree.path().join("link")).unwrap();
        let before = fingerprint(&tree);
        elsewhere.write("index.html", "changed");
        assert_ne!(before, fingerprint(&tree));
    }

    #[test]
    fn an_absent_directory_is_an_empty_one() {
        let absent = Path::new("no-directory-has-this-name");
        let nothing = Fingerprint::of_tree(absent, &[]).unwrap();
        assert_eq!(nothing, Fingerprint::of_tree(absent, &[absent.join("target")]).unwrap());
    }

    #[test]
    fn a_stamp_survives_being_written() {
        let stamp = Stamp { inputs: Fingerprint(7), outputs: Fingerprint(u64::MAX) };
        assert_eq!(Stamp::parse(&stamp.format()), Some(stamp));
    }

    #[test]
    fn a_spoilt_stamp_is_none() {
        for text in ["", "1", "1 x", "1 2 3", "-1 2"] {
            assert_eq!(Stamp::parse(text), None, "{text:?}");
        }
    }
}
