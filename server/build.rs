//! Rebuilds the server when a migration is added: they are embedded by a macro, whose input cargo cannot see.

fn main() {
    println!("cargo:rerun-if-changed=migrations");
}
