//! Rebuilds the server when a migration is added: a macro embeds the migrations, and cargo cannot see its input. With
//! the feature `embedded-console`, also locates the console's files, which a macro embeds as well.

use std::env;
use std::path::Path;

fn main() {
    println!("cargo::rerun-if-changed=migrations");
    println!("cargo::rerun-if-env-changed=CREDMGR_CONSOLE_DIR");
    if env::var_os("CARGO_FEATURE_EMBEDDED_CONSOLE").is_some() {
        match console() {
            Ok(folder) => {
                println!("cargo::rerun-if-changed={folder}");
                println!("cargo::rustc-env=CREDMGR_CONSOLE_DIR_FOUND={folder}");
            }
            Err(why) => println!("cargo::error=the feature `embedded-console` {why}"),
        }
    }
}

/// Returns the folder with the built console. A relative path is resolved against the root of the repository, whatever
/// cargo's working directory is.
fn console() -> Result<String, String> {
    let given = env::var("CREDMGR_CONSOLE_DIR").ok().filter(|given| !given.is_empty()).ok_or(
        "needs the folder of the built console in the environment variable CREDMGR_CONSOLE_DIR, such as \
         CREDMGR_CONSOLE_DIR=dist",
    )?;
    let package = env::var("CARGO_MANIFEST_DIR").map_err(|error| error.to_string())?;
    let folder = Path::new(&package).join("..").join(&given);
    if !folder.join("index.html").is_file() {
        return Err(format!("finds no index.html in {} (CREDMGR_CONSOLE_DIR={given})", folder.display()));
    }
    let folder = folder.canonicalize().map_err(|error| format!("cannot read {given}: {error}"))?;
    folder.into_os_string().into_string().map_err(|_| "needs a folder whose path is UTF-8".to_owned())
}
