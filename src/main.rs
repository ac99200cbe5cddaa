//! Starts the console.

fn main() {
    credmgr_console::start();
}
