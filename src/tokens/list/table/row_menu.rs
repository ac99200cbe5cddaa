//! "Actions for NAME": what can be done with one token, from its row.

use std::collections::HashSet;

use leptos::{prelude::*, task::spawn_local};
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;

use super::row_change::RowChange;
use crate::{
    api::TokenId,
    leaving::Leaving,
    load_part,
    navigation::Navigation,
    part,
    routes::Route,
    session::{Session, permissions::Subject},
    tokens::{
        cache::known_tokens::KnownTokens,
        model::{bulk::BulkAct, gate::TokenAction, name::called},
        rotation::{Rotations, rotation_blocked},
        widgets::{blocked::blocked, delete_dialog::DeleteDialog},
    },
    ui::{
        CopyError, Load, Menu, MenuHandle, MenuItem, MenuLink, Notice, Status, Tone, copy_text,
        focus_element, focus_main_heading, follow, when_loaded,
    },
};

/// What the rows of the list share: one menu, for the row whose button was pressed, and one question. A handle.
#[derive(Clone, Copy)]
pub(in crate::tokens::list) struct RowActs {
    menu: MenuHandle,
    /// The token of the open menu, with its name.
    of: RwSignal<Option<(TokenId, String)>>,
    /// The token whose deletion the user is asked about.
    deleting: RwSignal<Option<(TokenId, String)>>,
    /// Tokens that are being changed.
    busy: RwSignal<HashSet<TokenId>>,
    /// Tokens whose permissions are being asked for.
    asking: StoredValue<HashSet<TokenId>>,
    changing: RowChange,
    session: Session,
    status: Status,
    known: KnownTokens,
    navigation: Navigation,
    rotations: Rotations,
}

impl RowActs {
    pub(in crate::tokens::list) fn new() -> Self {
        Self {
            menu: MenuHandle::default(),
            of: RwSignal::new(None),
            deleting: RwSignal::new(None),
            busy: RwSignal::new(HashSet::new()),
            asking: StoredValue::new(HashSet::new()),
            changing: RowChange::new(),
            session: Session::expect(),
            status: Status::expect(),
            known: KnownTokens::expect(),
            navigation: Navigation::expect(),
            rotations: Rotations::expect(),
        }
    }

    /// Whether a token is being changed.
    pub(super) fn is_busy(&self, id: TokenId) -> bool {
        self.busy.with(|busy| busy.contains(&id))
    }

    /// Prepares a row's menu when the pointer or the focus reaches its button: asks what may be done, and whether the
    /// token is enabled unless that is known: its details may wait for their turn, or could not be read.
    pub(super) fn approach(self, id: TokenId) {
        if self.asking.try_update_value(|asking| asking.insert(id)) == Some(true) {
            spawn_local(async move {
                self.session.ask_token_once(id).await;
                let details = self.known.details;
                if details.lacks_token(id) {
                    details.read_one(id).await;
                }
                self.asking.try_update_value(|asking| asking.remove(&id));
            });
        }
    }

    /// Handles the pointer going down on the button of a row.
    pub(super) fn pointer_down(self, button: &HtmlElement) {
        self.menu.pointer_down(button);
    }

    /// Handles a press of the button of a row: opens its menu, or closes it.
    pub(super) fn press(self, id: TokenId, button: HtmlElement) {
        self.approach(id);
        let name = self.known.listing.with_untracked(|c| c.get(id).map(|row| row.name.to_string()));
        when_loaded(load_part!(more), self.status, move || {
            self.of.try_set(Some((id, name.unwrap_or_default())));
            self.menu.press(button);
        });
    }

    fn copy_id(self, id: TokenId) {
        let status = self.status;
        spawn_local(async move {
            status.show_in_place(match copy_text(&id.to_string()).await {
                Ok(()) => Notice::new(Tone::Success, format!("Copied the ID {id}.")),
                Err(why) => {
                    Notice::new(Tone::Failure, format!("The ID {id} was not copied.")).with_text(match why {
                        CopyError::Insecure => "Copying needs a secure page (https).",
                        CopyError::Refused => "The browser did not allow it.",
                    })
                }
            });
        });
    }

    fn change(self, act: BulkAct, id: TokenId, name: String) {
        if self.busy.try_update(|busy| busy.insert(id)) == Some(true) {
            self.changing.start(act, id, name, move || {
                self.busy.try_update(|busy| busy.remove(&id));
            });
        }
    }
}

/// Returns the name of a token's menu and of its button.
pub(super) fn actions_for(name: &str, id: TokenId) -> String {
    format!("Actions for {}", called(name, id))
}

/// The menu of the row whose button was pressed. What may be done is asked when the user is about to open it.
#[component]
pub(super) fn RowMenu(
    /// What the rows share.
    acts: RowActs,
) -> impl IntoView {
    let label = Signal::derive(move || {
        acts.of.with(|of| of.as_ref().map(|(id, name)| actions_for(name, *id)).unwrap_or_default())
    });
    view! {
        <Menu handle=acts.menu label=label items=move || {
            acts.of.get().map(|(id, name)| items(id, name, acts))
        }/>
    }
}

part! {
    in more;
    fn items(id: TokenId, name: String, acts: RowActs) {
        view! { <Items id=id name=name acts=acts/> }
    }
}

#[component]
fn Items(id: TokenId, name: String, acts: RowActs) -> impl IntoView {
    let session = acts.session;
    let leaving = Leaving::expect();
    let name = StoredValue::new(name);
    let detail = acts.known.details.of(id);
    let detail_of_it = detail.clone();
    let enabled = Memo::new(move |_| {
        follow(&detail);
        detail.with_untracked(|detail| match detail {
            Load::Ready(token) => Some(token.enabled),
            _ => None,
        })
    });
    let has_failed = move || {
        follow(&detail_of_it);
        detail_of_it.with_untracked(|detail| matches!(detail, Load::Failed(_)))
    };
    let may_edit = blocked(session, TokenAction::Edit, Subject::Token(id));
    let change_blocked = Signal::derive(move || {
        // What is not allowed needs no details, and would not be allowed with them.
        may_edit.get().or_else(|| {
            let why = match enabled.get() {
                None if has_failed() => "Its status could not be loaded.",
                None => "Its status is still loading.",
                Some(true) if session.is_credential_token(id) => {
                    "You are signed in with this token: disable it on its own page."
                }
                Some(_) => return None,
            };
            Some(why.to_owned())
        })
    });
    let rotate_blocked = rotation_blocked(id, Signal::derive(move || name.get_value()));
    let act = move || if enabled.get() == Some(false) { BulkAct::Enable } else { BulkAct::Disable };
    view! {
        <MenuLink label="Open" href=acts.navigation.href(&Route::Token(id))/>
        <MenuItem label="Copy ID" on_choose=move |()| acts.copy_id(id)/>
        <MenuItem
            label=Signal::derive(move || act().verb().to_owned())
            blocked=change_blocked
            on_choose=move |()| acts.change(untrack(act), id, name.get_value())
        />
        <MenuItem
            label=Signal::derive(move || {
                if acts.rotations.concerns(id) { "Continue rotation" } else { "Rotate…" }.to_owned()
            })
            blocked=rotate_blocked
            on_choose=move |()| leaving.before(move || acts.navigation.go(&Route::Rotate(id)))
        />
        <MenuItem
            label="Delete…"
            danger=true
            blocked=blocked(session, TokenAction::Delete, Subject::Token(id))
            on_choose=move |()| acts.deleting.set(Some((id, name.get_value())))
        />
    }
}

/// The question before the token of a row is deleted; one for the whole list.
#[component]
pub(in crate::tokens::list) fn RowQuestion(
    /// What the rows share.
    acts: RowActs,
) -> impl IntoView {
    move || acts.deleting.get().map(|(id, name)| question(id, name, acts))
}

part! {
    in more;
    fn question(id: TokenId, name: String, acts: RowActs) {
        let close = move |()| acts.deleting.set(None);
        view! {
            // After a deletion the row is gone, and its button with it.
            <DeleteDialog id=id name=name on_close=close on_deleted=move |notice| {
                acts.status.show_in_place(notice);
                acts.deleting.set(None);
                focus_beside(id);
            }/>
        }
    }
}

/// Moves the focus to the row that takes the place of one that is about to go: a user who deletes several goes on from
/// there.
fn focus_beside(id: TokenId) {
    let row = document().query_selector(&format!("tr[data-id='{id}']")).ok().flatten();
    let beside = row.and_then(|row| row.next_element_sibling().or_else(|| row.previous_element_sibling()));
    // In the next frame, when the row and the question are gone.
    request_animation_frame(move || {
        let link = beside.and_then(|row| row.query_selector("a").ok().flatten());
        match link.and_then(|link| link.dyn_into::<HtmlElement>().ok()) {
            Some(link) if link.is_connected() => focus_element(&link),
            _ => focus_main_heading(),
        }
    });
}
