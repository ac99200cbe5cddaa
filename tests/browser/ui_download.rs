//! Files that the page itself creates.

use std::time::Duration;

use credmgr_console::ui::download;
use leptos::prelude::document;
use wasm_bindgen_test::wasm_bindgen_test;

use crate::support::{Clock, Files};

#[wasm_bindgen_test]
async fn a_file_has_its_name_its_type_and_its_text() {
    let files = Files::catch();
    assert!(download("names.csv", "text/csv", "id,name\r\n7,Ångström\r\n"));
    let file = files.last().await;
    assert_eq!(file.name, "names.csv");
    assert!(file.type_.starts_with("text/csv"), "{}", file.type_);
    assert_eq!(file.text, "id,name\r\n7,Ångström\r\n");
}

#[wasm_bindgen_test]
async fn nothing_of_it_stays_in_the_page() {
    let files = Files::catch();
    let clock = Clock::stopped();
    let links = || document().query_selector_all("a[download]").expect("a valid selector").length();
    download("names.csv", "text/csv", "text");
    assert_eq!(links(), 0);
    // The browser may take its time to fetch the file.
    clock.advance(Duration::from_secs(59));
    assert!(files.is_last_there().await);
    clock.advance(Duration::from_secs(1));
    assert!(!files.is_last_there().await, "the memory is given back");
}
