//! Widgets, one file each, and what widgets and screens share beside them: loading (`load`, `part`), reacting
//! (`effect`, `follow`, `listen`, `shortcut`, `spawn`), timing (`schedule`, `timer`), the page (`dom`, `download`,
//! `focus`, `in_place`, `template`, `view_transition`), and texts and IDs (`text`, `unique`).
//!
//! They depend on neither tokens nor sessions nor the API. Only `secret_field` has texts about tokens ("Show token");
//! it and `clipboard` use [`crate::secret`].

mod activity;
mod button;
mod card;
mod checkbox;
mod clipboard;
mod countdown;
mod dialog;
mod dom;
mod download;
mod effect;
mod field;
mod field_value;
mod focus;
mod fold;
mod follow;
mod in_place;
mod later;
mod listen;
pub mod load;
mod menu;
mod notice;
mod number_slider;
mod part;
mod progress_line;
mod radio_group;
mod schedule;
mod screen;
mod secret_field;
mod select;
mod shortcut;
mod skip_link;
mod spawn;
mod status;
mod switch;
mod template;
mod text;
mod tick_box;
mod time;
mod timer;
mod unique;
mod view_transition;
mod when;

pub use activity::{Activity, ActivityLog, ActivityOutcome, Entry};
pub use button::{Button, ButtonStyle, LinkButton};
pub use card::Card;
pub use checkbox::Checkbox;
pub use clipboard::{CopyError, clear_clipboard, copy_text, copy_when_there, has_clipboard};
pub use countdown::Countdown;
pub use dialog::{Dialog, DialogKind};
pub use dom::{append, append_text, set_attribute, set_busy};
pub use download::download;
pub use effect::{effect, effect_with_last};
pub use field::{FieldMessage, InputKind, TextField};
pub use field_value::FieldValue;
pub use focus::{
    bring_into_view, focus_element, focus_first_in, focus_if_lost, focus_input, focus_main_heading,
    hand_focus_on_from, keep_focus, leave_screen, watch_focus,
};
pub use fold::Fold;
pub use follow::follow;
pub use in_place::in_place;
pub use later::Later;
pub use listen::{EventPhase, listen};
pub use load::Load;
pub use menu::{Menu, MenuHandle, MenuItem, MenuLink};
pub use notice::{Detail, Notice, NoticeView, ResultView, Tone};
pub use number_slider::NumberWithSlider;
pub use part::{LoadPart, Loading, NotLoaded, PartKind, if_ready, load_ahead, show_part, when_loaded};
pub use progress_line::ProgressLine;
pub use radio_group::RadioGroup;
pub use schedule::{after_paint, next_task};
pub use screen::{Screen, provide_screens};
pub use secret_field::{SecretField, SecretRequest};
pub use select::{Choice, SelectField};
pub use shortcut::{SingleKeys, on_chord, on_shortcut};
pub use skip_link::SkipLink;
pub use spawn::spawn_in_scope;
pub use status::{Status, StatusRegion};
pub use switch::Switch;
pub use template::Template;
pub use text::{count, decomposed};
pub use tick_box::TickBox;
pub use time::{Time, timestamp, today, write_time};
pub use timer::Timer;
pub use unique::unique_id;
pub use view_transition::{has_view_transitions, view_transition};
pub use when::When;

#[cfg(test)]
pub(crate) mod tests {
    use std::{fs, path::Path};

    /// Returns the contents of the Rust files of a directory whose names begin with `prefix`, one after the other.
    pub(crate) fn sources(directory: &str, prefix: &str) -> String {
        let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join(directory);
        let files = fs::read_dir(directory).unwrap().map(|entry| entry.unwrap());
        files
            .filter(|file| file.file_name().to_str().is_some_and(|name| name.starts_with(prefix)))
            .map(|file| fs::read_to_string(file.path()).unwrap())
            .collect()
    }

    fn words(text: &str) -> impl Iterator<Item = &str> {
        text.split(|c: char| !c.is_alphanumeric() && c != '_')
    }

    /// Checks that the name of every public function of `ui` occurs in the browser tests; whether they test enough is
    /// for a reviewer to judge.
    #[test]
    fn every_widget_has_a_test_in_the_browser() {
        let (widgets, tests) = (sources("src/ui", ""), sources("tests/browser", "ui_"));
        let functions = widgets.lines().filter_map(|line| {
            let line = line.strip_prefix("pub ")?;
            words(line.strip_prefix("async ").unwrap_or(line).strip_prefix("fn ")?).next()
        });
        let functions: Vec<_> = functions.collect();
        assert!(functions.len() > 40, "they are found: {functions:?}");
        let untested: Vec<_> =
            functions.into_iter().filter(|name| !words(&tests).any(|word| word == *name)).collect();
        assert_eq!(untested, [""; 0], "not in tests/browser/ui_*.rs");
    }
}
