//! A run of a rotation: one request after the other, until the goal is reached or the user has to decide. It goes on
//! when its screen is left.

use std::sync::Arc;

use leptos::{prelude::*, task::spawn_local};

use super::{End, Rotations, requests};
use crate::{
    api::TokenId,
    failure,
    routes::Route,
    secret::Secret,
    tokens::model::{
        edit::Values,
        name::{called, isolated, subject},
        rotation::{Answer, Ask, CredentialToken, Goal, Next, Record, Rotation, Standing, Stuck, words},
    },
    ui::{ActivityOutcome, Notice, Tone},
};

/// More requests than a run needs, whatever fails: if every name for the old token is taken, two for each name.
const MOST_REQUESTS: usize = 100;

/// A rotation on this page.
#[derive(Clone)]
pub(super) struct Live {
    pub(super) rotation: Rotation,
    /// The record that this page has last loaded or stored.
    pub(super) stored: Option<Record>,
    /// The rotation as it was when both tokens had last been looked at. During a run hardly anything is known for
    /// certain.
    pub(super) shown: Rotation,
    pub(super) run: Option<Run>,
    /// Why the last run did not reach its goal.
    pub(super) stop: Option<Stop>,
    pub(super) end: Option<End>,
    /// The secret in the response to the creation.
    pub(super) fresh: Option<(TokenId, Arc<Secret>)>,
    /// Whether a session that is signed in with the old token goes on with the new one.
    pub(super) goes_on: bool,
}

/// A run that is going on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Run {
    /// Distinguishes it from earlier runs of the same rotation.
    pub(super) number: u32,
    pub(super) goal: Goal,
    pub(super) ask: Option<Ask>,
}

/// Why a run ended before its goal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Stop {
    pub(super) goal: Goal,
    /// The request that failed, if one did.
    pub(super) ask: Option<Ask>,
    pub(super) why: Stuck,
    /// Whether a look has shown that it was not carried out.
    looked: bool,
}

impl Live {
    pub(super) fn new(rotation: Rotation) -> Self {
        Self {
            shown: rotation.clone(),
            rotation,
            stored: None,
            run: None,
            stop: None,
            end: None,
            fresh: None,
            goes_on: true,
        }
    }

    /// Starts a run from a record: another tab may have gone on. `stored` is that record if it is stored.
    pub(super) fn start(
        &mut self,
        record: Record,
        stored: Option<Record>,
        run: Run,
        mut confirmed: Vec<(TokenId, String)>,
    ) {
        // What the user has confirmed on this page need not be confirmed again.
        confirmed.extend_from_slice(self.rotation.confirmed());
        self.rotation = Rotation::new(record);
        self.stored = stored;
        self.rotation.begin(run.goal, confirmed);
        self.run = Some(run);
        self.stop = None;
        self.end = None;
    }

    fn is_run(&self, number: u32) -> bool {
        self.run.as_ref().is_some_and(|run| run.number == number)
    }

    fn show(&mut self) {
        if self.rotation.standing() != Standing::Unread {
            self.shown = self.rotation.clone();
        }
    }
}

impl Stop {
    /// Returns the notice, for the rotation's screen or the status region.
    pub(super) fn notice(&self, record: &Record) -> Notice {
        let (Stuck::Failed(error), Some(ask)) = (&self.why, &self.ask) else {
            let (title, text) = words::stuck(&self.why, record).unwrap_or_default();
            return Notice::new(Tone::Failure, title).with_text(text);
        };
        let act = words::act(ask);
        let notice =
            if self.looked { failure::notice_after_look(error, act) } else { failure::notice(error, act) };
        Notice { title: format!("{}: {}", words::doing(ask, record), notice.title), ..notice }
    }
}

/// Starts the run with this number.
pub(super) fn start(rotations: Rotations, old: TokenId, number: u32) {
    spawn_local(async move {
        let is_same = rotations.session.same_user();
        let series = rotations.session.series();
        for _ in 0..MOST_REQUESTS {
            let Some((goal, goes_on, rotation)) = read(rotations, old, number) else { return };
            let credential =
                CredentialToken { id: untrack(|| rotations.session.credential_token()), goes_on };
            let ask = match rotation.next(goal, credential) {
                Next::Ask(ask) => ask,
                Next::Reached => return reached(rotations, old, goal),
                Next::Stuck(why) => {
                    let ask = rotation.failed_ask().cloned();
                    return stopped(rotations, old, Stop { goal, ask, why, looked: true });
                }
            };
            rotations.update_live(old, |live| {
                live.rotation.sending(&ask);
                if let Some(run) = &mut live.run {
                    run.ask = Some(ask.clone());
                }
            });
            if !rotations.keep(old) {
                return;
            }
            // By the time the response comes, another user may be signed in.
            let is_wanted = || {
                is_same() && untrack(|| rotations.with_live(old, |live| live.is_run(number))) == Some(true)
            };
            let answer = loop {
                let answer = requests::send(rotations, &rotation, &ask).await;
                // A request that the server turned away is sent again when it is its turn. Reported as a failure, it
                // would never get through where one request at a time does: trying again begins with a look, and the
                // change after that is refused again.
                let is_told = !answer.is_turned_away() || !is_wanted() || !series.turn().await;
                if !is_wanted() {
                    return;
                }
                if is_told {
                    break answer;
                }
            };
            log(rotations, &rotation, &ask, &answer);
            let after = rotations.update_live(old, |live| {
                let after = live.rotation.answered(&ask, answer);
                live.show();
                after
            });
            if !rotations.keep(old) {
                return;
            }
            match after {
                Some(Ok(())) => {}
                Some(Err(why)) => {
                    return stopped(rotations, old, Stop { goal, ask: Some(ask), why, looked: false });
                }
                None => return,
            }
        }
        stopped(rotations, old, Stop { goal: Goal::Look, ask: None, why: Stuck::InDoubt, looked: false });
    });
}

/// Returns the rotation as it is now, if this run is still going on.
fn read(rotations: Rotations, old: TokenId, number: u32) -> Option<(Goal, bool, Rotation)> {
    let look = |live: &Live| {
        let run = live.run.as_ref().filter(|_| live.is_run(number))?;
        Some((run.goal, live.goes_on, live.rotation.clone()))
    };
    untrack(|| rotations.with_live(old, look)).flatten()
}

fn log(rotations: Rotations, rotation: &Rotation, ask: &Ask, answer: &Answer) {
    let Some((did, tried)) = words::deed(ask) else { return };
    let (id, name) = match (ask, answer) {
        (Ask::Create(_), Answer::Token(id, values)) => (Some(*id), values.name.clone()),
        (Ask::Create(_), _) => (None, rotation.record().name.clone()),
        (Ask::Change { id, seen: Values { name, .. }, .. }, _) => (Some(*id), name.clone()),
        (Ask::Delete(id) | Ask::CarryOver(id) | Ask::Read(id), _) => {
            (Some(*id), rotation.name_of(*id).to_owned())
        }
        (Ask::Find | Ask::Measure, _) => return,
    };
    let subject = id.map_or_else(|| isolated(&name), |id| subject(&name, id));
    let (deed, outcome) = match answer {
        Answer::Failed(error) if error.kind.leaves_outcome_unknown() => (tried, ActivityOutcome::Unknown),
        _ if answer.is_done(ask) => (did, ActivityOutcome::Done),
        _ => (tried, ActivityOutcome::Failed),
    };
    rotations.activity.add(deed, subject, outcome);
}

fn reached(rotations: Rotations, old: TokenId, goal: Goal) {
    let standing = rotations.update_live(old, |live| {
        live.run = None;
        live.show();
        live.rotation.standing()
    });
    // First, since a rotation that ends off the screen is removed.
    let said = said_elsewhere(rotations, old, goal);
    match (goal, standing) {
        (Goal::Undo, _) => rotations.end(old, End::Undone),
        // Somebody else may have deleted it.
        (_, Some(Standing::Replaced)) => rotations.end(old, End::Replaced),
        _ => {}
    }
    if let Some(title) = said {
        rotations.status.show(Notice::new(Tone::Success, title));
    }
}

/// Returns the result in words if the rotation's screen is not open.
fn said_elsewhere(rotations: Rotations, old: TokenId, goal: Goal) -> Option<String> {
    if is_on_screen(rotations, old) {
        return None;
    }
    let name = untrack(|| rotations.with_live(old, |live| live.rotation.record().name.clone()))?;
    let what = match goal {
        Goal::Look | Goal::EnableOld | Goal::EnableNew => return None,
        Goal::Create => "the new token exists",
        Goal::Disable => "the old token is disabled",
        Goal::Delete => "the old token is deleted",
        Goal::Undo => "the rotation was undone",
    };
    Some(format!("{}: {what}.", called(&name, old)))
}

fn stopped(rotations: Rotations, old: TokenId, stop: Stop) {
    let notice = rotations.update_live(old, |live| {
        live.run = None;
        live.show();
        live.stop = Some(stop.clone());
        stop.notice(live.rotation.record())
    });
    if let Some(notice) = notice
        && stop.goal != Goal::Look
        && !is_on_screen(rotations, old)
    {
        rotations.status.show(notice);
    }
}

/// Ends the run of this page, if there is one, since another tab has gone on with the rotation from `stored`, or has
/// ended it. Looks again.
pub(super) fn went_on_elsewhere(rotations: Rotations, old: TokenId, stored: Option<Record>) {
    let is_on_screen = is_on_screen(rotations, old);
    let Some(record) = rotations.update_live(old, |live| {
        live.run = None;
        live.rotation.record().clone()
    }) else {
        return;
    };
    // Nothing of another goal is tried again without having looked.
    let stop = Stop { goal: Goal::Look, ask: None, why: Stuck::WentOnElsewhere, looked: false };
    if is_on_screen && stored.is_some() {
        rotations.go(old, Goal::Look);
        rotations.update_live(old, |live| live.stop = Some(stop));
        return;
    }
    rotations.lives.try_update(|lives| lives.remove(&old));
    rotations.reload();
    let notice = match stored {
        Some(record) => stop.notice(&record),
        None => Notice::new(Tone::Info, words::ended_elsewhere(&called(&record.name, old))),
    };
    rotations.status.show(notice);
}

pub(super) fn is_on_screen(rotations: Rotations, old: TokenId) -> bool {
    rotations.navigation.current().get_untracked() == Some(Route::Rotate(old))
}
