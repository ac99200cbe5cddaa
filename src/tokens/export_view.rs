//! The list as it is filtered and ordered, as a file.

use leptos::prelude::*;

use super::{
    Owners, RowDetails,
    details_reading::DetailsReading,
    listing::Listing,
    model::{
        catalogue::view::Shown,
        export::{CSV_TYPE, ExportDetails, ExportRow, JSON_TYPE, csv, json},
        users::Directory,
    },
};
use crate::{
    api::{Token, TokenId},
    part,
    session::Session,
    ui::{Button, Fold, Notice, NoticeView, Tone, When, count, download, effect, follow, today},
};

/// "Export": buttons that save it as CSV or JSON.
#[component]
pub(super) fn ExportView(
    /// What the list shows.
    shown: Memo<Shown>,
) -> impl IntoView {
    view! { <Fold summary="Export" content=Callback::new(move |is_open| export(shown, is_open))/> }
}

part! {
    in more;
    fn export(shown: Memo<Shown>, is_open: ReadSignal<bool>) {
        view! { <Export shown=shown is_open=is_open/> }
    }
}

#[component]
fn Export(shown: Memo<Shown>, is_open: ReadSignal<bool>) -> impl IntoView {
    let (listing, details, owners) = (Listing::expect(), RowDetails::expect(), Owners::expect());
    let failed = RwSignal::new(false);
    // Details that arrive are counted only where somebody looks.
    let unknown = move |is_meant: &dyn Fn(TokenId) -> bool| -> Vec<TokenId> {
        if !is_open.get() {
            return Vec::new();
        }
        follow(&details.revision());
        let is_meant = |id: &TokenId| details.lacks_token(*id) && is_meant(*id);
        shown.with(|shown| shown.ids.iter().copied().filter(is_meant).collect())
    };
    let missing = Memo::new(move |_| unknown(&|id| !details.are_refused(id)));
    let refused = Memo::new(move |_| unknown(&|id| details.are_refused(id)).len());
    let number = move || missing.with(Vec::<TokenId>::len);
    let reading = DetailsReading::new(details, missing);
    // Owners have their names in the file, and nothing has asked for those as long as all rows on the screen are one's own.
    let session = Session::expect();
    let has_others = Memo::new(move |_| {
        if !is_open.get() {
            return false;
        }
        follow(&details.revision());
        let own = session.user_id();
        let is_others = |id: &TokenId| {
            details.with_facts(|facts| facts.get(id).is_some_and(|facts| Some(facts.owner) != own))
        };
        shown.with(|shown| shown.ids.iter().any(is_others))
    });
    effect(move || {
        if has_others.get() {
            owners.ensure();
        }
    });
    let blocked = Signal::derive(move || {
        let is_coming = owners.directory().with(|directory| *directory == Directory::Loading);
        (has_others.get() && is_coming).then(|| "The names of the owners are being read.".to_owned())
    });
    let rows = move || {
        listing.with_untracked(|catalogue| {
            shown.with_untracked(|shown| {
                let row = |id: &TokenId| {
                    let name = catalogue.get(*id)?.name.to_string();
                    let details = details.token(*id).map(|token| known(token, owners));
                    Some(ExportRow { id: *id, name, details })
                };
                shown.ids.iter().filter_map(row).collect::<Vec<_>>()
            })
        })
    };
    let save = move |extension: &str, type_: &str, text: String| {
        let name = format!("api-tokens-{}.{extension}", today());
        failed.set(!download(&name, type_, &text));
    };
    let save_csv = move |()| save("csv", CSV_TYPE, untrack(|| csv(&rows())));
    let save_json = move |()| save("json", JSON_TYPE, untrack(|| json(&rows())));
    let what = move || {
        shown.with(|shown| match shown.counts.matches {
            1 => "The 1 token that the list shows".to_owned(),
            n => format!("The {} tokens that the list shows, on all its pages and in its order", count(n)),
        })
    };
    let is_reading = Memo::new(move |_| reading.awaited().with(Option::is_some) && number() > 0);
    view! {
        <div class="stack">
            <p>{what} ", with ID, name, owner, status and dates. Secrets are never among them."</p>
            <When is=Signal::derive(move || { number() > 0 })>
                <p role="status">
                    {move || missing_words(number(), count)}
                </p>
            </When>
            <When is=Signal::derive(move || { refused.get() > 0 })>
                <p role="status">{move || refused_words(refused.get(), count)}</p>
            </When>
            <div class="form-buttons">
                <Button label="Download CSV" on_press=save_csv blocked=blocked/>
                <Button label="Download JSON" on_press=save_json blocked=blocked/>
                <When is=Signal::derive(move || { number() > 0 && !is_reading.get() })>
                    <Button label="Read the missing details" on_press=move |()| reading.start()/>
                </When>
                <When is=is_reading>
                    <Button label="Stop reading" on_press=move |()| reading.stop()/>
                </When>
            </div>
            <When is=failed>
                <NoticeView notice=Notice::new(Tone::Failure, "The browser did not take the file.") live=true/>
            </When>
        </div>
    }
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

/// What the files lack.
fn missing_words(number: usize, count: fn(usize) -> String) -> String {
    let (these, each) = if number == 1 { ("this one", "") } else { ("these", " each") };
    format!(
        "The details of {} of them are not known yet: of {these} the file has ID and name only. Reading them costs a \
         request{each}.",
        count(number)
    )
}

/// What the files lack for good.
fn refused_words(number: usize, count: fn(usize) -> String) -> String {
    let these = if number == 1 { "this one" } else { "these" };
    format!(
        "The server does not tell you the details of {} of them: of {these} the file has ID and name only.",
        count(number)
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_missing_is_said() {
        let number = |n: usize| n.to_string();
        assert_eq!(
            missing_words(1, number),
            "The details of 1 of them are not known yet: of this one the file has ID and name only. Reading them costs \
             a request."
        );
        assert!(missing_words(30, number).starts_with("The details of 30 of them"));
        assert!(
            missing_words(30, number)
                .ends_with("of these the file has ID and name only. Reading them costs a request each.")
        );
        assert!(
            refused_words(1, number).ends_with("of 1 of them: of this one the file has ID and name only.")
        );
    }
}
