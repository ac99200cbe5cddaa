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
    let news = Memo::new(move |_| listing.with_changes(news));
    let words = Memo::new(move |_| {
        let of_reading = match state.get() {
            Some(Line::Stopped) => {
                let (read, tokens) = (read(), tokens());
                format!("Stopped after {read}{tokens}. The rest is neither searched nor counted. ")
            }
            Some(Line::KeptChanging) => {
                "The list kept changing while it was loading. A token may be missing. ".to_owned()
            }
            Some(Line::TooLong) => {
                format!("Only the first {} tokens were loaded. Filter by owner to see the others. ", read())
            }
            Some(Line::Reading) | None => String::new(),
        };
        of_reading + &news.get().unwrap_or_default()
    });
    let is_quiet = Signal::derive(move || words.with(String::is_empty));
    let button = move |(label, press): Offer| {
        view! { <Button label=label style=ButtonStyle::Quiet on_press=move |()| press(&listing)/> }
    };
    view! {
        <div class="reading-line">
            {children()}
            {move || (state.get() == Some(Line::Reading)).then(|| view! {
                <progress aria-label="Loading the list"></progress>
                <span aria-hidden="true">{read} " loaded so far"</span>
            })}
            // There before its words, so that they are read out. What only a screen reader says does not replace others.
            <span role="status" class:visually-hidden=is_quiet>
                {move || if is_quiet.get() { listing.refresh_news().words().to_owned() } else { words.get() }}
            </span>
            {move || state.get().and_then(Line::button).map(button)}
            {move || news.get().map(|_| button(("Dismiss", Listing::dismiss_changes)))}
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

/// The label of a button, and what it does.
type Offer = (&'static str, fn(&Listing));

#[derive(Clone, Copy, PartialEq, Eq)]
enum Line {
    Reading,
    Stopped,
    KeptChanging,
    TooLong,
}

impl Line {
    /// Returns what can be done about it.
    fn button(self) -> Option<Offer> {
        match self {
            Self::Reading => Some(("Stop", Listing::stop)),
            Self::Stopped => Some(("Continue", Listing::resume)),
            Self::KeptChanging => Some(("Reload list", Listing::refresh)),
            Self::TooLong => None,
        }
    }
}

/// Words the changes that a refresh has found in a sentence; `None` if there are none.
fn news(changes: &Changes) -> Option<String> {
    let parts = [
        (changes.new.len(), "new"),
        (changes.renamed.len(), "renamed"),
        // Deleted or, where disabled tokens are not listed, disabled: perhaps by the user.
        (changes.gone, "no longer listed"),
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

    #[test]
    fn news_are_counted() {
        assert_eq!(news(&Changes::default()), None);
        let changes = Changes { new: vec![1, 2], ..Changes::default() };
        assert_eq!(news(&changes).as_deref(), Some("Changed since the last load: 2 new."));
        let changes = Changes { gone: 1, ..Changes::default() };
        assert_eq!(news(&changes).as_deref(), Some("Changed since the last load: 1 no longer listed."));
    }
}
