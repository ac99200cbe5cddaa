//! Rotations against a model server on which everything that can go wrong does.

mod console;
mod tab;
mod world;

use std::{
    collections::{BTreeMap, BTreeSet},
    time::Duration,
};

use proptest::prelude::*;

use console::{Console, End};
use tab::Tab;
use world::{Fault, Other, World, error, loaded, values};

use super::{
    Answer, Ask, CredentialToken, Goal, Next, Offer, Record, Records, Rotation, Seen, Standing, Stuck,
    is_as_before, merge, offers, sample,
};
use crate::{
    api::{Error, ErrorKind, Method, Token, TokenId},
    collection::name_search::Found,
    tokens::model::edit::Values,
};

const OLD: TokenId = 5;
const NAME: &str = "ci";
const LENGTH: u32 = 32;
/// More requests than any run needs; a run that sends as many goes round in circles.
const MANY: usize = 60;

/// Checks that there are never two tokens under the proper name, and always one that works, unless chosen otherwise.
fn check(world: &World, urgent: bool, ask: &Ask) {
    let named = world.with_name(&world.name);
    assert!(named.len() <= 1, "two tokens of the same name after {ask:?}: {world:?}");
    let works = world.tokens.values().any(|values| values.enabled);
    assert!(urgent || !world.before.enabled || works, "nothing works after {ask:?}: {world:?}");
    if let Some(own) = world.own.id {
        assert!(
            world.tokens.get(&own).is_some_and(|own| own.enabled),
            "the session's own token does not work after {ask:?}: {world:?}"
        );
    }
}

/// Checks that the state that the screen names is that of the server.
fn check_standing(standing: Standing, world: &World, new: Option<TokenId>) {
    let on = |id: Option<TokenId>| id.and_then(|id| world.tokens.get(&id)).map(|values| values.enabled);
    let expected = match (on(Some(OLD)), on(new)) {
        (Some(true), None) => Standing::OnlyOld,
        (Some(false), None) => Standing::Nothing,
        (Some(true), Some(true)) => Standing::Both,
        (Some(true), Some(false)) => Standing::NewDisabled,
        (Some(false), Some(true)) => Standing::OnlyNew,
        (Some(false), Some(false)) => Standing::BothDisabled,
        (None, Some(true)) => Standing::Replaced,
        (None, Some(false)) => Standing::ReplacedDisabled,
        (None, None) => Standing::AllGone,
    };
    assert_eq!(standing, expected);
}

/// Checks that there is always a way on, and a way back as long as the old token exists.
fn check_offers(rotation: &Rotation) {
    let offered = offers(rotation);
    assert!(!offered.is_empty());
    let goes_back = offered.contains(&Offer::Go(Goal::Undo));
    assert_eq!(goes_back, *rotation.old() != Seen::Gone, "{rotation:?}");
    assert_ne!(offered, [Offer::Go(Goal::Undo)], "only back, from {:?}", rotation.standing());
}

fn goal() -> impl Strategy<Value = Goal> {
    prop_oneof![
        4 => Just(Goal::Create),
        3 => Just(Goal::Disable),
        1 => Just(Goal::EnableOld),
        1 => Just(Goal::EnableNew),
        2 => Just(Goal::Undo),
        1 => Just(Goal::Look),
    ]
}

fn fault() -> impl Strategy<Value = Fault> {
    prop_oneof![
        6 => Just(Fault::None),
        1 => Just(Fault::LostBefore),
        2 => Just(Fault::LostAfter),
        1 => Just(Fault::Server),
        1 => Just(Fault::TooMany),
        1 => Just(Fault::Ignored),
        1 => Just(Fault::Reload),
        1 => Just(Fault::AboutAnother),
    ]
}

fn other() -> impl Strategy<Value = Other> {
    prop_oneof![
        8 => Just(Other::Nothing),
        1 => Just(Other::TakesName),
        1 => Just(Other::RenamesOld),
        1 => Just(Other::RenamesNew),
        1 => Just(Other::DisablesOld),
        1 => Just(Other::DisablesNew),
        1 => Just(Other::DeletesOld),
        1 => Just(Other::DeletesNew),
        1 => Just(Other::ReplacesDatabase),
        1 => Just(Other::RestoresBackup),
    ]
}

/// A deed of the user: pursues a goal, takes the new secret along, or reloads the page.
#[derive(Clone, Debug)]
enum Deed {
    Want(Goal, Vec<Fault>),
    HandOver,
    Reload,
}

fn deeds() -> impl Strategy<Value = Vec<Deed>> {
    let deed = prop_oneof![
        6 => (goal(), prop::collection::vec(fault(), 0..12)).prop_map(|(goal, faults)| Deed::Want(goal, faults)),
        2 => Just(Deed::HandOver),
        1 => Just(Deed::Reload),
    ];
    prop::collection::vec(deed, 0..12)
}

/// What the user says about a token that has another name than expected.
#[derive(Clone, Copy, Debug)]
enum Reply {
    None,
    IsRight,
    IsAnother,
}

fn reply() -> impl Strategy<Value = Reply> {
    prop::sample::select(vec![Reply::None, Reply::IsRight, Reply::IsAnother])
}

/// Returns values of the old token: as the page has loaded it, or as it is when the rotation begins.
fn before() -> impl Strategy<Value = Values> {
    (prop::sample::select(vec![NAME, "renamed"]), any::<bool>())
        .prop_map(|(name, enabled)| values(name, enabled))
}

/// Returns the console and the world after any deeds with any faults. The page has loaded the token with the values
/// `seen`.
fn after(deeds: Vec<Deed>, urgent: bool, seen: &Values, mut world: World) -> (Console, World) {
    let mut console = Console::with(&loaded(seen), urgent);
    for deed in deeds {
        match deed {
            Deed::Want(goal, faults) => {
                let mut faults = faults.into_iter();
                console.run_confirming(
                    goal,
                    &mut world,
                    || faults.next().unwrap_or(Fault::None),
                    || Other::Nothing,
                    |world, ask| check(world, urgent, ask),
                );
            }
            Deed::HandOver => {
                if console.rotation.record().new.is_some() {
                    console.hand_over();
                }
            }
            Deed::Reload => console.reload(),
        }
    }
    (console, world)
}

/// A deed of the user in one of two tabs, or a step of its run.
#[derive(Clone, Debug)]
enum InTab {
    Step,
    SlowStep,
    Want(Goal),
    HandOver,
}

fn in_tab() -> impl Strategy<Value = InTab> {
    prop_oneof![8 => Just(InTab::Step), 2 => Just(InTab::SlowStep), 2 => goal().prop_map(InTab::Want), 1 => Just(InTab::HandOver)]
}

#[test]
fn the_usual_order() {
    let mut world = World::new(false, true);
    let mut console = Console::new(false);
    assert_eq!(console.calmly(Goal::Create, &mut world), End::Reached);
    assert_eq!(world.tokens[&OLD], values("ci (rotated 2026-11-24)", true));
    assert_eq!(world.tokens[&61], values(NAME, true));
    assert_eq!(console.rotation.standing(), Standing::Both);
    assert_eq!(console.calmly(Goal::Disable, &mut world), End::Stuck(Stuck::NotHandedOver));
    console.hand_over();
    assert_eq!(console.calmly(Goal::Delete, &mut world), End::Stuck(Stuck::OldEnabled));
    assert_eq!(console.calmly(Goal::Disable, &mut world), End::Reached);
    assert!(!world.tokens[&OLD].enabled);
    assert_eq!(console.calmly(Goal::Delete, &mut world), End::Reached);
    assert_eq!(world.tokens.keys().collect::<Vec<_>>(), [&61]);
    assert_eq!(console.rotation.standing(), Standing::Replaced);
    // Look, rename, measure, create; look at both tokens three times, disable; look at both, delete.
    assert_eq!(console.sent, 1 + 3 + 2 + 2 + 2 + 1 + 2 + 1);
}

#[test]
fn a_leaked_token_is_disabled_before_anything_else() {
    let mut world = World::new(false, true);
    let mut console = Console::new(true);
    console.rotation.begin(Goal::Create, Vec::new());
    let first = Ask::Read(OLD);
    assert_eq!(console.rotation.next(Goal::Create, CredentialToken::default()), Next::Ask(first.clone()));
    let answer = world.carry_out(&first);
    console.rotation.answered(&first, answer).unwrap();
    let wanted = values(NAME, false);
    assert_eq!(
        console.rotation.next(Goal::Create, CredentialToken::default()),
        Next::Ask(Ask::Change { id: OLD, seen: values(NAME, true), wanted })
    );
    console.finish(&mut world);
    assert_eq!(world.tokens.len(), 1);
}

#[test]
fn a_leaked_token_of_ones_own_is_disabled_as_soon_as_the_session_goes_on_without_it() {
    let mut world = World::new(true, true);
    let mut console = Console::new(true);
    assert_eq!(console.calmly(Goal::Create, &mut world), End::Reached);
    assert_eq!(world.own.id, Some(61));
    assert_eq!(console.rotation.standing(), Standing::OnlyNew);
}

/// A user who did not choose that the session moves to the new token may have signed in with that token.
#[test]
fn a_session_with_the_new_token_goes_back_to_the_old_one() {
    let mut world = World::new(true, true);
    world.own.goes_on = false;
    let mut console = Console::new(false);
    assert_eq!(console.calmly(Goal::Create, &mut world), End::Reached);
    world.own.id = Some(61);
    let run = console.run(
        Goal::Undo,
        &mut world,
        || Fault::None,
        || Other::Nothing,
        |world, ask| check(world, false, ask),
    );
    assert_eq!(run, End::Reached);
    assert_eq!(world.own.id, Some(OLD));
}

/// A leaked token that somebody had disabled by hand stays disabled.
#[test]
fn undoing_does_not_enable_what_was_disabled_before() {
    let mut world = World::with(values(NAME, false), false, true);
    let mut console = Console::with(&loaded(&world.before), false);
    assert_eq!(console.calmly(Goal::Create, &mut world), End::Reached);
    assert_eq!(console.rotation.standing(), Standing::OnlyNew);
    let never = |world: &World, ask: &Ask| assert!(!world.tokens[&OLD].enabled, "{ask:?}");
    let run = console.run(Goal::Undo, &mut world, || Fault::None, || Other::Nothing, never);
    assert_eq!(run, End::Reached);
    assert_eq!(world.tokens, BTreeMap::from([(OLD, values(NAME, false))]));
    assert!(is_as_before(&console.rotation));
    // If it was enabled during the rotation, it is disabled again.
    assert_eq!(console.calmly(Goal::Create, &mut world), End::Reached);
    assert_eq!(console.calmly(Goal::EnableOld, &mut world), End::Reached);
    assert_eq!(console.calmly(Goal::Undo, &mut world), End::Reached);
    assert_eq!(world.tokens, BTreeMap::from([(OLD, values(NAME, false))]));
}

/// The session is not moved to a token that is disabled, and does not delete its own.
#[test]
fn a_session_with_the_new_token_does_not_go_back_to_a_disabled_one() {
    let mut world = World::with(values(NAME, false), false, true);
    let mut console = Console::with(&loaded(&world.before), false);
    assert_eq!(console.calmly(Goal::Create, &mut world), End::Reached);
    world.own.id = Some(61);
    let before = world.tokens.clone();
    assert_eq!(console.calmly(Goal::Undo, &mut world), End::Stuck(Stuck::OldWasDisabled));
    assert_eq!((world.own.id, &world.tokens), (Some(61), &before));
    world.own.id = None;
    assert_eq!(console.calmly(Goal::Undo, &mut world), End::Reached);
}

/// The page was open for a while before the rotation began, and somebody renamed and disabled the token.
#[test]
fn a_rotation_begins_with_the_token_as_it_is() {
    let mut world = World::with(values("renamed", false), false, true);
    let mut console = Console::with(&loaded(&values(NAME, true)), false);
    // The user has not seen this name.
    let end = console.calmly(Goal::Create, &mut world);
    assert_eq!(end, End::Stuck(Stuck::Renamed(OLD, "renamed".into())));
    assert_eq!(world.tokens, BTreeMap::from([(OLD, values("renamed", false))]));
    // There is nothing to undo, either.
    let mut undone = Console { rotation: console.rotation.clone(), ..Console::new(false) };
    assert!(is_as_before(&undone.rotation));
    assert_eq!(undone.calmly(Goal::Undo, &mut world), End::Reached);
    assert_eq!(world.tokens, BTreeMap::from([(OLD, values("renamed", false))]));
    assert!(console.confirms(&end));
    assert_eq!(console.calmly(Goal::Create, &mut world), End::Reached);
    assert_eq!(world.tokens[&OLD], values("renamed (rotated 2026-11-24)", false));
    assert_eq!(world.tokens[&61], values("renamed", true));
    assert_eq!(console.calmly(Goal::Undo, &mut world), End::Reached);
    assert_eq!(world.tokens, BTreeMap::from([(OLD, values("renamed", false))]));
    // So it does after a reload, as long as it has changed nothing.
    let mut console = Console::with(&loaded(&values(NAME, true)), false);
    let end = console.run(Goal::Create, &mut world, || Fault::Reload, || Other::Nothing, |_, _| ());
    assert_eq!(end, End::Reloaded);
    // The screen has shown it in between.
    assert_eq!(console.calmly(Goal::Look, &mut world), End::Reached);
    assert_eq!(console.calmly(Goal::Create, &mut world), End::Reached);
    assert_eq!(world.tokens[&62], values("renamed", true));
}

/// If the name is taken or the token was changed meanwhile, nothing was done, so nothing was renamed.
#[test]
fn a_change_that_somebody_else_was_faster_than_is_not_done() {
    let ask = Ask::Change { id: OLD, seen: values(NAME, true), wanted: values("ci (rotated)", true) };
    assert!(Answer::Token(OLD, values("ci (rotated)", true)).is_done(&ask));
    assert!(!Answer::Token(OLD, values(NAME, false)).is_done(&ask));
    assert!(!Answer::Ignored(values(NAME, true)).is_done(&ask));
    assert!(!error(ErrorKind::Conflict).is_done(&ask));
    assert!(Answer::Token(61, values(NAME, true)).is_done(&Ask::Create(LENGTH)));
    assert!(Answer::Done.is_done(&Ask::Delete(61)));
}

/// Returns a console and a world with a rotation that is ready to disable the old token.
fn handed_over() -> (Console, World) {
    let mut world = World::new(false, true);
    let mut console = Console::new(false);
    assert_eq!(console.calmly(Goal::Create, &mut world), End::Reached);
    console.hand_over();
    world.new = Some(61);
    (console, world)
}

/// The IDs belong to other tokens, which the user sees by their names before anything happens to them.
#[test]
fn on_another_database_nothing_is_done_to_the_tokens_with_these_ids() {
    for goal in [Goal::Create, Goal::Disable, Goal::Delete, Goal::EnableOld, Goal::EnableNew, Goal::Undo] {
        let (mut console, mut world) = handed_over();
        if goal == Goal::Delete {
            assert_eq!(console.calmly(Goal::Disable, &mut world), End::Reached);
        }
        world.interfere(Other::ReplacesDatabase);
        let before = world.tokens.clone();
        for id in [61, OLD] {
            let end = console.calmly(goal, &mut world);
            let name = format!("token {id} of another database");
            assert_eq!(end, End::Stuck(Stuck::Renamed(id, name)), "{goal:?}");
            assert_eq!(world.tokens, before, "{goal:?}");
            console.confirms(&end);
        }
        assert_eq!(console.calmly(goal, &mut world), End::Reached, "{goal:?}, as confirmed");
    }
}

/// After a look the screen names them as the server does, and asks whether they are the right ones.
#[test]
fn a_look_asks_about_other_names() {
    let (mut console, mut world) = handed_over();
    world.interfere(Other::ReplacesDatabase);
    let end = console.calmly(Goal::Look, &mut world);
    assert_eq!(end, End::Stuck(Stuck::Renamed(61, "token 61 of another database".into())));
    assert_eq!(console.rotation.standing(), Standing::Both);
    assert_eq!(console.rotation.name_of(61), "token 61 of another database");
    assert_eq!(console.rotation.renamed().map(|(id, _)| id).collect::<Vec<_>>(), [61, OLD]);
    assert!(console.rotation.unconfirmed().is_some());
}

#[test]
fn on_a_restored_server_the_token_with_the_new_ones_id_can_be_left_alone() {
    let (mut console, mut world) = handed_over();
    world.interfere(Other::RestoresBackup);
    let end = console.calmly(Goal::Undo, &mut world);
    assert_eq!(end, End::Stuck(Stuck::Renamed(61, "created after the backup".into())));
    console.rotation.disown();
    assert_eq!(console.calmly(Goal::Undo, &mut world), End::Reached);
    let left = [(OLD, values(NAME, true)), (61, values("created after the backup", true))];
    assert_eq!(world.tokens, BTreeMap::from(left));
}

/// What was confirmed under one name is not confirmed under the next.
#[test]
fn another_rename_is_asked_about_again() {
    let (mut console, mut world) = handed_over();
    world.interfere(Other::RenamesNew);
    let end = console.calmly(Goal::Undo, &mut world);
    assert_eq!(end, End::Stuck(Stuck::Renamed(61, "another".into())));
    console.confirms(&end);
    world.tokens.insert(61, values("and another", true));
    let end = console.calmly(Goal::Undo, &mut world);
    assert_eq!(end, End::Stuck(Stuck::Renamed(61, "and another".into())));
    console.confirms(&end);
    assert_eq!(console.calmly(Goal::Undo, &mut world), End::Reached);
    assert_eq!(world.tokens, BTreeMap::from([(OLD, values(NAME, true))]));
}

/// The answer to the creation has the values of a token that was there before.
#[test]
fn a_token_of_another_name_is_not_taken_for_the_created_one() {
    let mut world = World::new(false, true);
    world.tokens.insert(7, values("somebody else's", true));
    let mut console = Console::new(false);
    assert_eq!(console.create_with(Fault::AboutAnother, &mut world), End::Reached);
    assert_eq!((console.rotation.record().new, world.creations), (Some(61), 1));
}

/// The server is slow: the token is created only after a look from another tab, or after a reload, has found none.
#[test]
fn a_look_does_not_forget_that_a_creation_is_under_way() {
    let mut world = World::new(false, true);
    let mut console = Console::new(false);
    let before = console.rotation.record().clone();
    console.create_with(Fault::LostBefore, &mut world);
    // As it was stored while the request was in flight.
    let in_flight = Record { begun: true, sent: true, ..before };
    console.rotation = Rotation::new(in_flight.clone());
    assert_eq!(console.calmly(Goal::Look, &mut world), End::Reached);
    assert_eq!(console.rotation.standing(), Standing::OnlyOld);
    assert_eq!(*console.rotation.record(), in_flight);
    assert!(offers(&console.rotation).contains(&Offer::Go(Goal::Create)));
    world.interfere(Other::TakesName);
    assert_eq!(console.calmly(Goal::Look, &mut world), End::Reached);
    assert_eq!((console.rotation.record().new, console.rotation.standing()), (Some(61), Standing::Both));
}

/// The page that sent it has an answer, and no token was found then. So the user is asked whose it is.
#[test]
fn a_look_finds_a_token_that_was_created_late() {
    for (kind, is_forgotten) in
        [(ErrorKind::Unreachable, true), (ErrorKind::TimedOut(Duration::from_secs(30)), false)]
    {
        let mut world = World::new(false, true);
        let mut console = Console::new(false);
        let mut faults = [Fault::None, Fault::None, Fault::Reload].into_iter();
        let next = || faults.next().unwrap_or(Fault::None);
        console.run(Goal::Create, &mut world, next, || Other::Nothing, |_, _| ());
        console.rotation.begin(Goal::Create, Vec::new());
        let parked = world.carry_out(&Ask::Read(OLD));
        console.rotation.answered(&Ask::Read(OLD), parked).unwrap();
        console.rotation.sending(&Ask::Create(LENGTH));
        console.rotation.answered(&Ask::Create(LENGTH), error(kind)).unwrap();
        console.rotation.answered(&Ask::Find, Answer::Found(Found::No)).unwrap();
        assert_eq!(console.rotation.record().sent, !is_forgotten);
        world.interfere(Other::TakesName);
        let end = console.calmly(Goal::Look, &mut world);
        assert_eq!(end, if is_forgotten { End::Stuck(Stuck::NameTaken(61)) } else { End::Reached });
        assert_eq!(console.rotation.record().new, (!is_forgotten).then_some(61));
    }
}

#[test]
fn a_name_for_the_old_token_that_is_taken_gets_a_number() {
    let mut world = World::new(false, true);
    world.tokens.insert(7, values("ci (rotated 2026-11-24)", true));
    world.tokens.insert(8, values("ci (rotated 2026-11-24) 2", true));
    let mut console = Console::new(false);
    assert_eq!(console.calmly(Goal::Create, &mut world), End::Reached);
    assert_eq!(world.tokens[&OLD].name, "ci (rotated 2026-11-24) 3");
}

#[test]
fn somebody_elses_token_of_the_name_is_not_taken_for_ones_own() {
    let mut world = World::new(false, true);
    let mut console = Console::new(false);
    // The token is renamed, and then the page is reloaded.
    let mut faults = [Fault::None, Fault::Reload].into_iter();
    let next = || faults.next().unwrap_or(Fault::None);
    console.run(Goal::Create, &mut world, next, || Other::Nothing, |_, _| ());
    world.interfere(Other::TakesName);
    assert_eq!(console.calmly(Goal::Create, &mut world), End::Stuck(Stuck::NameTaken(61)));
    // Undoing does not delete it.
    assert_eq!(console.calmly(Goal::Undo, &mut world), End::Stuck(Stuck::NameTaken(61)));
    assert_eq!(world.tokens[&61], values(NAME, true));
    // The user says that it is the new one.
    console.rotation.adopt(61);
    assert_eq!(console.calmly(Goal::Create, &mut world), End::Reached);
}

#[test]
fn after_a_409_somebody_has_to_say_whose_it_is() {
    let mut world = World::new(false, true);
    let mut console = Console::new(false);
    let mut sent = 0;
    let faster = || {
        sent += 1;
        // After the look and the rename, somebody takes the name.
        if sent == 2 { Other::TakesName } else { Other::Nothing }
    };
    let end = console.run(Goal::Create, &mut world, || Fault::None, faster, |_, _| ());
    assert_eq!(end, End::Stuck(Stuck::NameTaken(61)));
    assert_eq!(console.rotation.record().new, None);
    assert_eq!(console.calmly(Goal::Undo, &mut world), End::Stuck(Stuck::NameTaken(61)));
    assert!(world.tokens.contains_key(&61));
}

/// The browser repeats a creation by itself when the connection breaks, which gives a 409.
#[test]
fn after_a_409_ones_own_is_known_by_when_it_was_made() {
    let mut console = Console::new(false);
    console.rotation.begin(Goal::Create, Vec::new());
    let (before, parked) = (values(NAME, true), values("ci (rotated 2026-11-24)", true));
    let rename = Ask::Change { id: OLD, seen: before, wanted: parked.clone() };
    console.rotation.sending(&rename);
    console.rotation.answered(&rename, Answer::Token(OLD, parked)).unwrap();
    console.rotation.begin(Goal::Create, Vec::new());
    let parked = values("ci (rotated 2026-11-24)", true);
    console.rotation.answered(&Ask::Read(OLD), Answer::Token(OLD, parked)).unwrap();
    console.rotation.sending(&Ask::Create(LENGTH));
    console.rotation.answered(&Ask::Create(LENGTH), error(ErrorKind::Conflict)).unwrap();
    assert_eq!(console.rotation.next(Goal::Create, CredentialToken::default()), Next::Ask(Ask::Find));
    console.rotation.answered(&Ask::Find, Answer::FoundNew(61)).unwrap();
    assert_eq!(console.rotation.record().new, Some(61));
    // Found without a creation having been sent, it is another person's.
    let mut console = Console::new(false);
    console.rotation.begin(Goal::Create, Vec::new());
    console.rotation.answered(&Ask::Find, Answer::FoundNew(61)).unwrap();
    assert_eq!(console.rotation.record().new, None);
}

#[test]
fn what_may_not_be_deleted_is_put_out_of_the_way() {
    let mut world = World::new(false, false);
    let mut console = Console::new(false);
    assert_eq!(console.calmly(Goal::Create, &mut world), End::Reached);
    assert_eq!(console.calmly(Goal::Undo, &mut world), End::Reached);
    assert_eq!(world.tokens[&OLD], values(NAME, true));
    assert_eq!(world.tokens[&61], values("ci (taken back 61)", false));
    assert_eq!(console.rotation.left_behind(), Some(&(61, "ci (taken back 61)".to_owned())));
}

#[test]
fn a_creation_whose_answer_got_lost_is_found() {
    let mut world = World::new(false, true);
    let mut console = Console::new(false);
    assert_eq!(console.create_with(Fault::LostAfter, &mut world), End::Reached);
    assert_eq!((console.rotation.record().new, world.creations), (Some(61), 1));
}

/// A token that then has the name was not created by this rotation.
#[test]
fn a_creation_that_was_not_sent_is_not_looked_for() {
    for fault in [Fault::LostBefore, Fault::Reload] {
        let mut world = World::new(false, true);
        let mut console = Console::new(false);
        // Look, rename, and then the request for the secret's length fails.
        let mut faults = [Fault::None, Fault::None, fault].into_iter();
        let next = || faults.next().unwrap_or(Fault::None);
        let end = console.run(Goal::Create, &mut world, next, || Other::Nothing, |_, _| ());
        assert!(matches!(end, End::Stuck(Stuck::Failed(_)) | End::Reloaded), "{end:?}");
        assert_eq!((console.rotation.record().sent, world.creations), (false, 0));
        assert_ne!(console.rotation.standing(), Standing::InDoubt);
        world.interfere(Other::TakesName);
        assert_eq!(console.calmly(Goal::Create, &mut world), End::Stuck(Stuck::NameTaken(61)));
        assert_eq!(console.calmly(Goal::Undo, &mut world), End::Stuck(Stuck::NameTaken(61)));
        assert!(world.tokens.contains_key(&61));
    }
}

#[test]
fn a_failure_is_told_after_looking() {
    let mut world = World::new(false, true);
    let mut console = Console::new(false);
    let mut faults = [Fault::None, Fault::Server].into_iter();
    let next = || faults.next().unwrap_or(Fault::None);
    let end = console.run(Goal::Create, &mut world, next, || Other::Nothing, |_, _| ());
    assert!(
        matches!(&end, End::Stuck(Stuck::Failed(error)) if error.kind == ErrorKind::Server(None)),
        "{end:?}"
    );
    assert_eq!(console.rotation.old(), &Seen::There(values(NAME, true)));
}

/// Looks at both tokens, and checks what the screen then says and offers.
fn look(console: &mut Console, world: &mut World) {
    console.calmly(Goal::Look, world);
    check_standing(console.rotation.standing(), world, console.rotation.record().new);
    check_offers(&console.rotation);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1500))]

    #[test]
    fn whatever_fails_it_can_be_finished(
        deeds in deeds(), urgent in any::<bool>(), own in any::<bool>(), may_delete in any::<bool>(),
        seen in before(), is in before(),
    ) {
        let (mut console, mut world) = after(deeds, urgent, &seen, World::with(is, own, may_delete));
        let own = world.own.id.is_some();
        look(&mut console, &mut world);
        console.finish(&mut world);
        let new = console.rotation.record().new.unwrap();
        prop_assert_eq!(&world.tokens[&new], &values(&world.before.name, true));
        match world.tokens.get(&OLD) {
            None => prop_assert!(may_delete),
            Some(old) => prop_assert!(!may_delete && !old.enabled && old.name != world.before.name),
        }
        prop_assert_eq!(world.own.id, own.then_some(new));
    }

    #[test]
    fn whatever_fails_it_can_be_undone(
        deeds in deeds(), urgent in any::<bool>(), own in any::<bool>(), may_delete in any::<bool>(),
        seen in before(), is in before(),
    ) {
        let (mut console, mut world) = after(deeds, urgent, &seen, World::with(is, own, may_delete));
        let own = world.own.id.is_some();
        look(&mut console, &mut world);
        prop_assert_eq!(console.calmly_confirming(Goal::Undo, &mut world), End::Reached);
        prop_assert_eq!(&world.tokens[&OLD], &world.before);
        for (id, values) in &world.tokens {
            prop_assert!(*id == OLD || (!may_delete && !values.enabled), "{:?} is left", values);
        }
        prop_assert_eq!(world.own.id, own.then_some(OLD));
    }

    /// The user goes on with the rotation in two tabs, whose requests and answers cross.
    #[test]
    fn two_tabs_do_not_forget_what_the_other_has_done(
        deeds in prop::collection::vec((0..2usize, in_tab()), 0..120), urgent in any::<bool>(),
    ) {
        let mut world = World::new(false, true);
        let record = Record::new(&sample(), "2026-11-24", urgent);
        let mut stored = Some(record.clone());
        let mut tabs = [Tab::new(&record), Tab::new(&record)];
        for (which, deed) in deeds {
            let before = stored.clone();
            let tab = &mut tabs[which];
            match deed {
                InTab::Step => tab.step(&mut stored, &mut world, false),
                InTab::SlowStep => tab.step(&mut stored, &mut world, true),
                InTab::Want(goal) => tab.begin(goal, &mut stored),
                InTab::HandOver if tab.rotation.record().new.is_some() => {
                    tab.rotation.hand_over();
                    tab.rotation.verified();
                    tab.keep(&mut stored);
                }
                InTab::HandOver => {}
            }
            prop_assert!(before.is_some() || stored.is_none(), "an ended rotation came back");
            if let (Some(Record { new: Some(new), handed, .. }), Some(now)) = (&before, &stored) {
                prop_assert!(now.new == Some(*new) || !world.tokens.contains_key(new), "{} is forgotten", new);
                prop_assert!(now.new != Some(*new) || now.handed || !handed, "the hand-over is forgotten");
            }
            // Nobody knows of one that the server has not begun. The name is unique, so it creates one of them only.
            let creates = |tab: &&Tab| matches!(tab.in_flight, Some((Ask::Create(_), Some(_))));
            prop_assert!(tabs.iter().filter(creates).count() <= 1, "two creations at once");
            prop_assert!(world.tokens.len() <= 2, "{:?}", world);
        }
        for tab in &mut tabs {
            for _ in 0..MANY {
                tab.step(&mut stored, &mut world, false);
            }
        }
        // The rotation can be finished from what is stored.
        if let Some(record) = stored {
            let mut console = Console::new(urgent);
            console.known.insert((OLD, record.parked.clone()));
            console.rotation = Rotation::new(record);
            console.keep();
            console.finish(&mut world);
            prop_assert_eq!(world.tokens.values().collect::<Vec<_>>(), [&values(NAME, true)]);
        }
    }

    /// Other people change things meanwhile. Nothing can be guaranteed about the tokens then, but every run ends, and
    /// what the screen says after a look is true.
    #[test]
    fn whatever_others_do_every_run_ends_and_what_is_said_is_true(
        runs in prop::collection::vec((goal(), prop::collection::vec((fault(), other()), 0..12)), 0..8),
        urgent in any::<bool>(), seen in before(), is in before(),
    ) {
        let mut world = World::with(is, false, true);
        let mut console = Console::with(&loaded(&seen), urgent);
        for (goal, events) in runs {
            let (faults, others): (Vec<_>, Vec<_>) = events.into_iter().unzip();
            let (mut faults, mut others) = (faults.into_iter(), others.into_iter());
            console.run_confirming(
                goal,
                &mut world,
                || faults.next().unwrap_or(Fault::None),
                || others.next().unwrap_or(Other::Nothing),
                |world, ask| assert!(world.with_name(&world.name).len() <= 1, "two of the same name after {ask:?}"),
            );
        }
        look(&mut console, &mut world);
    }
    /// Whatever others do between two looks, nothing is done to a token that the user has not confirmed.
    #[test]
    fn no_token_is_deleted_or_changed_that_was_not_confirmed_under_its_present_name(
        runs in prop::collection::vec(
            (
                prop_oneof![6 => goal(), 2 => Just(Goal::Delete)],
                prop::collection::vec(fault(), 0..6),
                prop::collection::vec(other(), 0..3),
                any::<bool>(),
                reply(),
            ),
            0..8,
        ),
        urgent in any::<bool>(), may_delete in any::<bool>(), seen in before(), is in before(),
    ) {
        let mut world = World::with(is, false, may_delete);
        let mut console = Console::with(&loaded(&seen), urgent);
        for (goal, faults, others, hands_over, reply) in runs {
            world.before_reads = others;
            let mut faults = faults.into_iter();
            let mut run = |console: &mut Console, world: &mut World| {
                let fault = || faults.next().unwrap_or(Fault::None);
                // `Console::run` checks each request.
                console.run(goal, world, fault, || Other::Nothing, |_, _| ())
            };
            let end = run(&mut console, &mut world);
            match reply {
                Reply::None => {}
                Reply::IsRight if console.confirms(&end) => {
                    run(&mut console, &mut world);
                }
                Reply::IsAnother if matches!(end, End::Stuck(Stuck::Renamed(id, _)) if id != OLD) => {
                    console.rotation.disown();
                    console.keep();
                    run(&mut console, &mut world);
                }
                Reply::IsRight | Reply::IsAnother => {}
            }
            if hands_over && console.rotation.record().new.is_some() {
                console.hand_over();
            }
        }
    }
}
