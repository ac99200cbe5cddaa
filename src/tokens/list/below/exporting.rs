//! The export of the list while it is unfolded: what the file would lack, and the file.

use leptos::prelude::*;

use crate::{
    api::{Token, TokenId},
    session::Session,
    tokens::{
        cache::{listing::Listing, owners::Owners, row_details::RowDetails},
        list::details::reading::DetailsReading,
        model::{
            catalogue::view::QueryResult,
            export::{CSV_TYPE, ExportDetails, ExportRow, JSON_TYPE, csv, json, words},
            users::Directory,
        },
    },
    ui::{download, effect, follow, today},
};

/// What the list shows, to be saved. A handle.
#[derive(Clone, Copy)]
pub(super) struct Exporting {
    shown: Memo<QueryResult>,
    listing: Listing,
    details: RowDetails,
    owners: Owners,
    missing: Memo<Vec<TokenId>>,
    refused: Memo<usize>,
    names_others: Memo<bool>,
    reading: DetailsReading,
    failed: RwSignal<bool>,
}

impl Exporting {
    /// Exports what is `shown`. Counts, and asks for the names of owners, only while `is_open`. Lives as long as the
    /// reactive scope that this is called in.
    pub(super) fn new(shown: Memo<QueryResult>, is_open: ReadSignal<bool>) -> Self {
        let details = RowDetails::expect();
        // Details that arrive are counted only while the export is unfolded.
        let lacking = move |is_meant: &dyn Fn(TokenId, f64) -> bool| -> Vec<TokenId> {
            if !is_open.get() {
                return Vec::new();
            }
            follow(&details.revision());
            let now = js_sys::Date::now();
            let is_meant = |id: &TokenId| details.lacks_token(*id) && is_meant(*id, now);
            shown.with(|shown| shown.ids.iter().copied().filter(is_meant).collect())
        };
        let missing = Memo::new(move |_| lacking(&|id, now| !details.are_refused(id, now)));
        let exporting = Self {
            shown,
            listing: Listing::expect(),
            details,
            owners: Owners::expect(),
            missing,
            refused: Memo::new(move |_| lacking(&|id, now| details.are_refused(id, now)).len()),
            names_others: names_others(shown, details, is_open),
            reading: DetailsReading::new(details, missing),
            failed: RwSignal::new(false),
        };
        effect(move || {
            if exporting.names_others.get() {
                exporting.owners.ensure();
            }
        });
        exporting
    }

    /// Returns how many tokens the file will have.
    pub(super) fn matches(self) -> usize {
        self.shown.with(|shown| shown.counts.matches)
    }

    /// Returns for how many tokens it is not known whether they match.
    pub(super) fn undecided(self) -> usize {
        self.shown.with(|shown| shown.counts.undecided + shown.counts.unclear)
    }

    /// Whether the list may have more tokens than were loaded.
    pub(super) fn is_partial(self) -> bool {
        !self.listing.is_complete()
    }

    /// Returns how many tokens have no details yet.
    pub(super) fn missing(self) -> usize {
        self.missing.with(Vec::len)
    }

    /// Returns for how many tokens the server tells none.
    pub(super) fn refused(self) -> usize {
        self.refused.get()
    }

    /// Whether the missing details are being read.
    pub(super) fn is_reading(self) -> bool {
        self.reading.awaited().with(Option::is_some) && self.missing() > 0
    }

    /// Returns the handle that reads the missing details, and stops that.
    pub(super) fn reading(self) -> DetailsReading {
        self.reading
    }

    /// Returns why nothing can be saved just now, if so.
    pub(super) fn blocked(self) -> Option<String> {
        let is_coming = self.owners.directory().with(|directory| *directory == Directory::Loading);
        let why = match () {
            () if self.matches() == 0 => words::NOTHING,
            () if self.names_others.get() && is_coming => "Owner names are still loading.",
            () => return None,
        };
        Some(why.to_owned())
    }

    /// Whether the browser did not take the last file.
    pub(super) fn failed(self) -> RwSignal<bool> {
        self.failed
    }

    pub(super) fn save_csv(self) {
        self.save("csv", CSV_TYPE, csv);
    }

    pub(super) fn save_json(self) {
        self.save("json", JSON_TYPE, json);
    }

    fn save(self, extension: &str, type_: &str, written: fn(&[ExportRow]) -> String) {
        let name = format!("api-tokens-{}.{extension}", today());
        let text = untrack(|| written(&self.rows()));
        self.failed.set(!download(&name, type_, &text));
    }

    fn rows(self) -> Vec<ExportRow> {
        self.listing.with_untracked(|catalogue| {
            self.shown.with_untracked(|shown| {
                let row = |id: &TokenId| {
                    let name = catalogue.get(*id)?.name.to_string();
                    let details = self.details.token(*id).map(|token| known(token, self.owners));
                    Some(ExportRow { id: *id, name, details })
                };
                shown.ids.iter().filter_map(row).collect()
            })
        })
    }
}

/// Whether the file names other owners than the user, for whom nothing else may have asked: the rows on the screen may
/// all be the user's own.
fn names_others(shown: Memo<QueryResult>, details: RowDetails, is_open: ReadSignal<bool>) -> Memo<bool> {
    let session = Session::expect();
    Memo::new(move |_| {
        if !is_open.get() {
            return false;
        }
        follow(&details.revision());
        let own = session.user_id();
        details.with_facts(|facts| {
            let is_others = |id: &TokenId| facts(*id).is_some_and(|facts| Some(facts.owner) != own);
            shown.with(|shown| shown.ids.iter().any(is_others))
        })
    })
}

fn known(token: Token, owners: Owners) -> ExportDetails {
    ExportDetails {
        owner: owners.name(token.owner_id),
        owner_id: token.owner_id,
        enabled: token.enabled,
        last_used: token.last_used,
        created: token.created,
        updated: token.updated,
    }
}
