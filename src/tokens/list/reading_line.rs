//! How far the list was read, and what changed in it.

use leptos::prelude::*;

use crate::{
    collection::reader::State,
    failure,
    tokens::{
        cache::listing::{Listing, Reading},
        model::catalogue::rows::Changes,
    },
    ui::{Button, ButtonStyle, NoticeView, count},
};

/// One line about the reading, in a place of its own so that nothing moves, and a failure below it.
#[component]
pub(super) fn ReadingLine(
    /// What comes first in the line.
    children: Children,
) -> impl IntoView {
    let listing = Listing::expect();
    let read = move || count(listing.with(|catalogue| catalogue.len()));
    let tokens = move || if listing.with(|catalogue| catalogue.len()) == 1 { " token" } else { " tokens" };
    let failed = move || match listing.with_reading(Reading::clone) {
        Reading::Failed(error) if listing.with(|catalogue| !catalogue.is_empty()) => Some(error),
        _ => None,
    };
    // Words and button change seldom; the number in them changes with every page.
    let state = Memo::new(move |_| match listing.with_reading(Reading::clone) {
        Reading::GoingOn if listing.is_busy() => Some(Line::Reading),
        Reading::Stopped => Some(Line::Stopped),
        Reading::Over(State::KeptChanging) => Some(Line::KeptChanging),
        Reading::Over(State::TooLong) => Some(Line::TooLong),
        _ => None,
    });
    view! {
        <div class="reading-line">
            {children()}
            {move || state.get().map(|line| match line {
                Line::Reading => view! {
                    <progress aria-label="Loading the list"></progress>
                    <span aria-hidden="true">{read} " loaded so far"</span>
                    <Button label="Stop" style=ButtonStyle::Quiet on_press=move |()| listing.stop()/>
                }
                .into_any(),
                Line::Stopped => view! {
                    <span role="status">
                        "Stopped after " {read} {tokens} ". The rest is neither searched nor counted."
                    </span>
                    <Button label="Continue" style=ButtonStyle::Quiet on_press=move |()| listing.resume()/>
                }
                .into_any(),
                Line::KeptChanging => view! {
                    <span role="status">"The list kept changing while it was loading. A token may be \
                        missing."</span>
                    <Button label="Reload list" style=ButtonStyle::Quiet on_press=move |()| listing.refresh()/>
                }
                .into_any(),
                Line::TooLong => view! {
                    <span role="status">"Only the first " {read} " tokens were loaded. Filter by owner to \
                        see the others."</span>
                }
                .into_any(),
            })}
            <News/>
        </div>
        {move || failed().map(|error| {
            let again = move || view! {
                <Button label="Try again" on_press=move |()| listing.resume()/>
            };
            view! {
                <NoticeView notice=failure::notice(&error, failure::FailedAction::ListRest) live=true actions=again/>
            }
        })}
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Line {
    Reading,
    Stopped,
    KeptChanging,
    TooLong,
}

/// What a refresh has found.
#[component]
fn News() -> impl IntoView {
    let listing = Listing::expect();
    let words = Memo::new(move |_| listing.with_changes(news));
    move || {
        words.get().map(|words| {
            view! {
                <span role="status">{words}</span>
                <Button label="Dismiss" style=ButtonStyle::Quiet on_press=move |()| listing.dismiss_changes()/>
            }
        })
    }
}

/// Words the changes in a sentence; `None` if there are none.
fn news(changes: &Changes) -> Option<String> {
    let parts = [
        (changes.new.len(), "new"),
        (changes.renamed.len(), "renamed"),
        // Deleted or, where disabled tokens are not listed, disabled: perhaps by the user.
        (changes.gone.len(), "no longer listed"),
    ];
    let parts: Vec<_> = parts
        .into_iter()
        .filter(|(number, _)| *number > 0)
        .map(|(number, what)| format!("{number} {what}"))
        .collect();
    (!parts.is_empty()).then(|| format!("Changed since the last load: {}.", parts.join(", ")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tokens::model::catalogue::rows::Gone;

    #[test]
    fn news_are_counted() {
        assert_eq!(news(&Changes::default()), None);
        let changes = Changes { new: vec![1, 2], ..Changes::default() };
        assert_eq!(news(&changes).as_deref(), Some("Changed since the last load: 2 new."));
        let changes = Changes { gone: vec![Gone { id: 1, name: "a".into() }], ..Changes::default() };
        assert_eq!(news(&changes).as_deref(), Some("Changed since the last load: 1 no longer listed."));
    }
}
