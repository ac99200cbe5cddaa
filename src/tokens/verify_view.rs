//! "Verify token": whether a token works, and for whom.

use leptos::prelude::*;

use super::{
    called,
    model::verify::{IS_A_USE, Verdict},
    subject,
};
use crate::{
    api::TokenId,
    failure::{self, Act},
    session::{Session, Verified},
    ui::{ActivityLog, Button, Notice, Outcome, ResultView, Shown, Tone, effect_with_last, spawn_in_scope},
};

/// The button and, in place, the result.
///
/// The token is used beside the session. A failure to find out is shown as one, and not as a token that does not work.
#[component]
pub(super) fn VerifyToken(
    /// The token's ID.
    id: TokenId,
    /// The token's name.
    #[prop(into)]
    name: Signal<String>,
    /// Gets the secret; called for every press.
    source: impl Fn() -> Shown + Send + Sync + 'static,
    /// Whether the token is enabled, if that is known.
    #[prop(optional, into)]
    enabled: Signal<Option<bool>>,
    /// Called when the server has accepted the token. Its "last used" has changed by then.
    #[prop(into)]
    on_verified: Callback<Verified>,
    /// Why the secret is not available, if it is not.
    #[prop(optional, into)]
    blocked: Signal<Option<String>>,
) -> impl IntoView {
    let session = Session::expect();
    let activity = ActivityLog::expect();
    let source = StoredValue::new(source);
    let busy = RwSignal::new(false);
    let result = RwSignal::new(None::<Notice>);
    // The result was about the token as it was before.
    effect_with_last(move |before: Option<Option<bool>>| {
        let now = enabled.get();
        if before.is_some_and(|before| before != now) {
            result.set(None);
        }
        now
    });
    let verify = move |()| {
        session.renew_retries();
        result.set(None);
        busy.set(true);
        let secret = source.with_value(|source| source());
        spawn_in_scope(async move {
            let answer = match secret.await {
                Ok(secret) => Ok(session.try_token(&secret).await),
                Err(notice) => Err(notice),
            };
            busy.try_set(false);
            let name = name.get_untracked();
            let subject = subject(&name, id);
            let answer = match answer {
                Ok(answer) => answer,
                Err(notice) => {
                    activity.add("Tried to verify", subject, Outcome::Failed);
                    return result.set(Some(notice));
                }
            };
            let verdict = Verdict::of(&answer);
            let (act, outcome) = match verdict {
                Verdict::Works(_) => ("Verified", Outcome::Done),
                Verdict::Refused => ("Verified", Outcome::Failed),
                Verdict::Open => ("Tried to verify", Outcome::Failed),
            };
            activity.add(act, subject, outcome);
            let tone = if outcome == Outcome::Done { Tone::Success } else { Tone::Failure };
            let words = |title| Notice::new(tone, title).with_text(verdict.text(enabled.get_untracked()));
            let said = verdict.title(&called(&name, id)).map(words);
            match answer {
                Ok(verified) => {
                    result.set(said);
                    on_verified.run(verified);
                }
                Err(error) => {
                    result.set(said.or_else(|| Some(failure::notice(&error, Act::VerifyToken))));
                }
            }
        });
    };
    view! {
        <div class="verify">
            <Button label="Verify token" on_press=verify busy=busy blocked=blocked/>
            <p class="field-hint">{IS_A_USE}</p>
        </div>
        <ResultView result=result/>
    }
}
