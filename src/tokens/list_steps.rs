//! The rows of a page, what one sees of them first.
//!
//! A page has up to a hundred rows, and making and painting them all takes longer than a keystroke may. So a keystroke, an order
//! or a page first shows the rows that fit into the window, and the others after that is painted.

use leptos::{html, prelude::*};
use web_sys::HtmlElement;

use crate::{
    api::TokenId,
    ui::{Turn, keep_focus, listen},
};

/// The height of a row, in pixels, as long as there is none to measure.
const ROW_HEIGHT: f64 = 44.0;

/// Follows `rows`, in two steps where many of them are new. `body` is what the rows are in.
pub(super) fn in_two_steps(rows: Memo<Vec<TokenId>>, body: NodeRef<html::Tbody>) -> ReadSignal<Vec<TokenId>> {
    // Measured when the page is as it was painted: in the middle of a change the browser would have to lay
    // all of it out for the answer.
    let fits = StoredValue::new(fitting(None));
    let measure = move || {
        if let Some(Some(body)) = body.try_get_untracked() {
            fits.try_set_value(fitting(Some(&body)));
        }
    };
    for event in ["scroll", "resize"] {
        listen(&window(), event, Turn::Usual, move |_: web_sys::Event| measure());
    }
    let first = untrack(|| first_step(&rows.get(), &[], fits.get_value()));
    let (shown, show) = signal(first);
    // Counts the changes of the rows: the rest is shown for the last one only.
    let round = StoredValue::new(0_u32);
    Effect::new(move || {
        let wanted = rows.get();
        let first = shown.with_untracked(|before| first_step(&wanted, before, fits.get_value()));
        if shown.with_untracked(|before| *before != first) {
            keep_focus();
            show.set(first);
        }
        round.update_value(|round| *round = round.wrapping_add(1));
        let this = round.get_value();
        let finish = move || {
            if round.try_get_value() != Some(this) {
                return;
            }
            measure();
            rows.with_untracked(|wanted| {
                if shown.with_untracked(|before| before != wanted) {
                    keep_focus();
                    show.set(wanted.clone());
                }
            });
        };
        // The callbacks of a frame run before it is painted, so not in the next one's.
        request_animation_frame(move || request_animation_frame(finish));
    });
    shown
}

/// How many rows there is room for in the window, from the first one on; all of them if that one is not in
/// it.
fn fitting(body: Option<&HtmlElement>) -> usize {
    let height = window().inner_height().ok().and_then(|height| height.as_f64()).unwrap_or(f64::MAX);
    let top = body.map_or(0.0, |body| body.get_bounding_client_rect().top());
    let row = body.and_then(|body| body.first_element_child());
    let row = row.map_or(ROW_HEIGHT, |row| row.get_bounding_client_rect().height()).max(1.0);
    if top < 0.0 { usize::MAX } else { ((height - top).max(0.0) / row).ceil() as usize + 1 }
}

/// What is shown first: the first `fits` rows, and below them, where nobody looks, what was there before, so
/// that the page stays as long as it is.
fn first_step(wanted: &[TokenId], before: &[TokenId], fits: usize) -> Vec<TokenId> {
    let Some((seen, unseen)) = wanted.split_at_checked(fits) else { return wanted.to_vec() };
    let kept = before.iter().skip(fits).filter(|id| !seen.contains(id)).take(unseen.len());
    seen.iter().chain(kept).copied().collect()
}

#[cfg(test)]
mod tests {
    use super::first_step;

    #[test]
    fn the_rows_in_the_window_are_right_at_once() {
        assert_eq!(first_step(&[1, 2, 3], &[], 5), [1, 2, 3]);
        assert_eq!(first_step(&[1, 2, 3, 4], &[], 2), [1, 2]);
        assert_eq!(first_step(&[9, 8, 7, 6], &[1, 2, 3, 4], 2), [9, 8, 3, 4]);
        // none twice, and no more than there will be
        assert_eq!(first_step(&[3, 8, 7], &[1, 2, 3, 4, 5], 2), [3, 8, 4]);
        assert_eq!(first_step(&[], &[1, 2], 2), [0; 0]);
    }
}
