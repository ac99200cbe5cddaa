//! Verifying a token, from the press to its result.

use leptos::prelude::*;

use crate::{
    api::{Error, TokenId},
    failure::{self, FailedAction},
    session::{Session, Verified},
    tokens::model::{
        name::{called, subject},
        verify::VerifyResult,
    },
    ui::{ActivityLog, ActivityOutcome, Notice, SecretRequest, Tone, effect_with_last, spawn_in_scope},
};

/// The verification of one token. A handle.
#[derive(Clone, Copy)]
pub(super) struct Verifying {
    /// Whether an answer is awaited.
    pub(super) busy: RwSignal<bool>,
    /// The latest result, as long as it is about the token as it is.
    pub(super) result: RwSignal<Option<Notice>>,
    id: TokenId,
    name: Signal<String>,
    enabled: Signal<Option<bool>>,
    on_verified: Callback<Verified>,
    session: Session,
    activity: ActivityLog,
}

impl Verifying {
    /// Begins without a result, for the scope that this is called in. `enabled` is whether the token is enabled, if
    /// that is known; a result goes when that changes.
    pub(super) fn begin(
        id: TokenId,
        name: Signal<String>,
        enabled: Signal<Option<bool>>,
        on_verified: Callback<Verified>,
    ) -> Self {
        let result = RwSignal::new(None);
        effect_with_last(move |before: Option<Option<bool>>| {
            let now = enabled.get();
            if before.is_some_and(|before| before != now) {
                result.set(None);
            }
            now
        });
        let (session, activity) = (Session::expect(), ActivityLog::expect());
        Self { busy: RwSignal::new(false), result, id, name, enabled, on_verified, session, activity }
    }

    /// Uses the token once, with the secret that `source` yields.
    pub(super) fn verify(self, source: SecretRequest) {
        self.session.renew_retries();
        self.result.set(None);
        self.busy.set(true);
        spawn_in_scope(async move {
            let answer = match source.await {
                Ok(secret) => Ok(self.session.try_token(&secret).await),
                Err(notice) => Err(notice),
            };
            self.busy.set(false);
            match answer {
                Ok(answer) => self.answered(answer),
                Err(notice) => {
                    self.log("Tried to verify", ActivityOutcome::Failed);
                    self.result.set(Some(notice));
                }
            }
        });
    }

    fn answered(self, answer: Result<Verified, Error>) {
        let result = VerifyResult::of(&answer);
        let (act, outcome) = match result {
            VerifyResult::Works(_) => ("Verified", ActivityOutcome::Done),
            VerifyResult::Refused => ("Verified", ActivityOutcome::Failed),
            VerifyResult::Open => ("Tried to verify", ActivityOutcome::Failed),
        };
        self.log(act, outcome);
        let tone = if outcome == ActivityOutcome::Done { Tone::Success } else { Tone::Failure };
        let text = result.text(self.enabled.get_untracked());
        let name = self.name.with_untracked(|name| called(name, self.id));
        let said = result.title(&name).map(|title| Notice::new(tone, title).with_text(text));
        match answer {
            Ok(verified) => {
                self.result.set(said);
                self.on_verified.run(verified);
            }
            Err(error) => {
                self.result.set(said.or_else(|| Some(failure::notice(&error, FailedAction::VerifyToken))));
            }
        }
    }

    fn log(self, act: &'static str, outcome: ActivityOutcome) {
        self.activity.add(act, self.name.with_untracked(|name| subject(name, self.id)), outcome);
    }
}
