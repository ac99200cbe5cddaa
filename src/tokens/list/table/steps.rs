//! The rows of a page, those in the window first.
//!
//! A page has up to a hundred rows, and creating and painting them all takes longer than a keystroke may. So a
//! keystroke, an order or a page first shows the rows that are in the window and, once these are painted, the others, a
//! few with each frame.

use std::ops::Range;

use leptos::{html, prelude::*};
use web_sys::HtmlElement;

use crate::{
    api::TokenId,
    ui::{EventPhase, effect, keep_focus, listen},
};

/// The height of a row, in pixels, while there is none to measure.
const ROW_HEIGHT: f64 = 44.0;

/// The minimum height above the rows, in pixels, while there are none to measure: rows out of sight can wait.
const ABOVE: f64 = 220.0;

/// How many rows are added per frame at most, once those in the window are there: half a frame's work on a slow
/// machine.
const STEP: usize = 10;

/// Follows `rows`, in steps where many of them are new. `body` contains the rows, and `first` are the places that will
/// be in the window; `None` means those at the top. Returns the rows that are shown, and the places of those that are
/// in the window.
pub(in crate::tokens::list) fn in_steps(
    rows: Memo<Vec<TokenId>>,
    body: NodeRef<html::Tbody>,
    first: Option<Range<usize>>,
) -> (ReadSignal<Vec<TokenId>>, StoredValue<Range<usize>>) {
    // Measured when the page is as it was painted: in the middle of a change the browser would have to lay out all of
    // it.
    let window_rows = StoredValue::new(first.unwrap_or_else(|| in_window(None)));
    let measure = move || {
        if let Some(Some(body)) = body.try_get_untracked() {
            window_rows.try_set_value(in_window(Some(&body)));
        }
    };
    for event in ["scroll", "resize"] {
        listen(&window(), event, EventPhase::Bubble, move |_: web_sys::Event| measure());
    }
    let first = untrack(|| step(&rows.get(), &[], window_rows.get_value()));
    let (shown, show) = signal(first);
    let steps = Steps { rows, shown, show, round: StoredValue::new(0) };
    effect(move || {
        rows.track();
        let seen = window_rows.get_value();
        let round = steps.begin();
        steps.take(seen.clone());
        let go_on = move || {
            measure();
            steps.go_on(round, seen);
        };
        // Frame callbacks run before their frame is painted, so not in those of the next frame.
        request_animation_frame(move || request_animation_frame(go_on));
    });
    (shown, window_rows)
}

/// The steps from the rows that are shown to those that are wanted.
#[derive(Clone, Copy)]
struct Steps {
    rows: Memo<Vec<TokenId>>,
    shown: ReadSignal<Vec<TokenId>>,
    show: WriteSignal<Vec<TokenId>>,
    /// Counts the changes of the rows: only the steps for the last one go on.
    round: StoredValue<u32>,
}

impl Steps {
    fn begin(self) -> u32 {
        self.round.update_value(|round| *round = round.wrapping_add(1));
        self.round.get_value()
    }

    /// Shows what is wanted at these places.
    fn take(self, places: Range<usize>) {
        let next = self.rows.with_untracked(|wanted| {
            self.shown.with_untracked(|before| {
                let next = step(wanted, before, places);
                (next != *before).then_some(next)
            })
        });
        if let Some(next) = next {
            keep_focus();
            self.show.set(next);
        }
    }

    /// Shows a few more rows with each frame, until all are there.
    fn go_on(self, round: u32, places: Range<usize>) {
        if self.round.try_get_value() != Some(round) {
            return;
        }
        let (wanted, is_done) = self
            .rows
            .with_untracked(|wanted| (wanted.len(), self.shown.with_untracked(|shown| shown == wanted)));
        if is_done {
            return;
        }
        let places = grown(places, wanted);
        self.take(places.clone());
        request_animation_frame(move || self.go_on(round, places));
    }
}

/// Returns the places of the rows that are in the window, and of one more at each end.
fn in_window(body: Option<&HtmlElement>) -> Range<usize> {
    let height = window().inner_height().ok().and_then(|height| height.as_f64()).unwrap_or(f64::MAX);
    let bounds = body.map(|body| (body.get_bounding_client_rect(), body.child_element_count()));
    let (top, row) = match bounds {
        Some((bounds, rows)) if rows > 0 => (bounds.top(), bounds.height() / f64::from(rows)),
        Some((bounds, _)) => (bounds.top(), ROW_HEIGHT),
        None => (ABOVE, ROW_HEIGHT),
    };
    let row = row.max(1.0);
    let begin = (-top / row).floor().max(0.0) as usize;
    let end = ((height - top) / row).ceil().max(0.0) as usize;
    begin.saturating_sub(1)..end.saturating_add(1)
}

/// Returns what to show so that the wanted rows are at `places`. Around them, out of sight, the previous rows stay, so
/// that the wanted ones are where they will be and the page is as long as it will be, as far as there are enough. If
/// there are not enough above, everything that is wanted is shown.
fn step(wanted: &[TokenId], before: &[TokenId], places: Range<usize>) -> Vec<TokenId> {
    let Range { start, end } = within(places, wanted.len());
    let seen = wanted.get(start..end).unwrap_or_default();
    let is_elsewhere = |id: &&TokenId| !seen.contains(id);
    let Some(above) = before.get(..start).filter(|above| above.iter().all(|id| is_elsewhere(&id))) else {
        return wanted.to_vec();
    };
    let below = before.iter().skip(end).filter(is_elsewhere).take(wanted.len() - end);
    above.iter().chain(seen).chain(below).copied().collect()
}

/// Moves the places into `rows` rows: a window at the end of a long page is at the end of a short one, too.
fn within(places: Range<usize>, rows: usize) -> Range<usize> {
    let end = places.end.min(rows);
    places.start.min(end.saturating_sub(places.len()))..end
}

/// Extends the places by a step among `rows` rows, downwards first.
fn grown(places: Range<usize>, rows: usize) -> Range<usize> {
    let Range { start, end } = within(places, rows);
    if end < rows { start..end + STEP } else { start.saturating_sub(STEP)..end }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_rows_in_the_window_are_right_at_once() {
        assert_eq!(step(&[1, 2, 3], &[], 0..5), [1, 2, 3]);
        assert_eq!(step(&[1, 2, 3, 4], &[], 0..2), [1, 2]);
        assert_eq!(step(&[9, 8, 7, 6], &[1, 2, 3, 4], 0..2), [9, 8, 3, 4]);
        // None twice, and no more than there will be.
        assert_eq!(step(&[3, 8, 7], &[1, 2, 3, 4, 5], 0..2), [3, 8, 4]);
        assert_eq!(step(&[], &[1, 2], 0..2), [0; 0]);
    }

    #[test]
    fn rows_above_the_window_stay_until_they_are_due() {
        assert_eq!(step(&[9, 8, 7, 6], &[1, 2, 3, 4], 1..3), [1, 8, 7, 4]);
        assert_eq!(step(&[9, 8, 7, 6], &[1, 2, 3, 4], 2..9), [9, 8, 7, 6]);
        assert_eq!(step(&[9, 8, 7, 6], &[1, 2, 3, 4], 2..5), [1, 8, 7, 6]);
        // A page that is shorter than the one before.
        assert_eq!(step(&[9, 8, 7], &[1, 2, 3, 4, 5, 6], 4..6), [1, 8, 7]);
        // Not enough rows that could stay.
        assert_eq!(step(&[9, 8, 7, 6], &[1], 2..4), [9, 8, 7, 6]);
        assert_eq!(step(&[9, 8, 1, 6], &[1, 2, 3, 4], 2..4), [9, 8, 1, 6]);
    }

    #[test]
    fn what_is_below_comes_first() {
        assert_eq!(grown(20..30, 100), 20..40);
        assert_eq!(grown(20..100, 100), 10..100);
        assert_eq!(grown(5..100, 100), 0..100);
        assert_eq!(grown(80..101, 40), 9..40);
    }

    proptest! {
        /// Whatever is shown and wanted, the rows in the window are right, none is there twice, and the steps end.
        #[test]
        fn steps_lead_to_what_is_wanted(
            wanted in prop::collection::hash_set(0i64..60, 0..60),
            before in prop::collection::hash_set(0i64..60, 0..60),
            start in 0usize..70, length in 0usize..30,
        ) {
            let wanted: Vec<_> = wanted.into_iter().collect();
            let mut shown: Vec<_> = before.into_iter().collect();
            let mut places = start..start + length;
            for _ in 0..wanted.len() / STEP + 4 {
                shown = step(&wanted, &shown, places.clone());
                let seen = within(places.clone(), wanted.len());
                prop_assert_eq!(shown.get(seen.clone()), wanted.get(seen));
                let mut ids = shown.clone();
                ids.sort_unstable();
                ids.dedup();
                prop_assert_eq!(ids.len(), shown.len());
                prop_assert!(shown.len() <= wanted.len());
                places = grown(places, wanted.len());
            }
            prop_assert_eq!(shown, wanted);
        }
    }
}
