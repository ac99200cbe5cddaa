//! What happened, in words: a box with a sentence, advice and details.

use std::time::Duration;

use js_sys::Date;
use leptos::{html, prelude::*};

use super::{Button, ButtonStyle, Countdown, bring_into_view};

/// How good the news is. Never by colour alone: the words say it too.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tone {
    /// It worked.
    Success,
    /// Worth knowing.
    Info,
    /// It did not work.
    Failure,
}

/// A line of the details that unfold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Detail {
    /// What it is.
    pub name: &'static str,
    /// Its value. Must not contain a secret.
    pub value: String,
}

const NOT_COPIED: &str = "This page could not use the clipboard. Select the details and copy them.";

/// What happened, ready to be read by a person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    /// How good the news is.
    pub tone: Tone,
    /// What happened, in one sentence.
    pub title: String,
    /// Whether anything changed, and what to do now.
    pub text: String,
    /// For the person one asks for help: status, time, request.
    pub details: Vec<Detail>,
    /// How long to wait before trying again, if the server said so. Counted from when it is shown.
    pub again_after: Option<Duration>,
}

impl Notice {
    /// A notice of one sentence.
    pub fn new(tone: Tone, title: impl Into<String>) -> Self {
        Self { tone, title: title.into(), text: String::new(), details: Vec::new(), again_after: None }
    }

    /// With a second, explaining part.
    #[must_use]
    pub fn with_text(mut self, text: impl Into<String>) -> Self {
        self.text = text.into();
        self
    }

    /// The details as text, to be copied into a message.
    fn report(&self) -> String {
        let mut report = self.title.clone();
        for Detail { name, value } in &self.details {
            report.push_str(&format!("\n{name}: {value}"));
        }
        report
    }
}

/// Shows a notice.
#[component]
pub fn NoticeView(
    /// What to show.
    notice: Notice,
    /// Whether it is a live region of its own (`role="alert"` for failures). Not inside a region that
    /// is live already, where it would be said twice.
    #[prop(optional)]
    live: bool,
    /// Shows a button that dismisses it.
    #[prop(optional, into)]
    on_dismiss: Option<Callback<()>>,
    /// Buttons that follow from it, such as "Try again".
    #[prop(optional, into)]
    actions: ViewFn,
) -> impl IntoView {
    let tone = match notice.tone {
        Tone::Success => "notice notice-success",
        Tone::Info => "notice notice-info",
        Tone::Failure => "notice notice-failure",
    };
    let role = live.then_some(if notice.tone == Tone::Failure { "alert" } else { "status" });
    let report = StoredValue::new(notice.report());
    let said = RwSignal::new("");
    let copy = move |()| {
        leptos::task::spawn_local(async move {
            let done = super::copy_text(&report.get_value()).await.is_ok();
            said.try_set(if done { "Copied." } else { NOT_COPIED });
        });
    };
    let details = (!notice.details.is_empty()).then(|| {
        let lines: Vec<_> = notice
            .details
            .into_iter()
            .map(|Detail { name, value }| view! { <dt>{name}</dt><dd>{value}</dd> })
            .collect();
        view! {
            <details class="notice-details">
                <summary>"Details"</summary>
                <dl>{lines}</dl>
                <Button label="Copy details" style=ButtonStyle::Quiet on_press=copy/>
                <span role="status">{move || said.get()}</span>
            </details>
        }
    });
    let shown = NodeRef::<html::Div>::new();
    if live && notice.tone == Tone::Failure {
        // It stands beside what was pressed, and in a small window that may be out of it.
        request_animation_frame(move || {
            if let Some(Some(shown)) = shown.try_get_untracked() {
                bring_into_view(&shown);
            }
        });
    }
    view! {
        <div class=tone role=role node_ref=shown>
            <div class="notice-words">
                <p class="notice-title">{notice.title}</p>
                {(!notice.text.is_empty()).then(|| view! { <p>{notice.text}</p> })}
                {notice.again_after.map(|after| view! {
                    <p class="muted">
                        <Countdown
                            until=Date::now() + after.as_secs_f64() * 1000.0
                            before="Still to wait: "
                            over="You can try again now."
                        />
                    </p>
                })}
                {details}
                <div class="notice-actions">{actions.run()}</div>
            </div>
            {on_dismiss.map(|dismiss| view! {
                <Button label="Dismiss" style=ButtonStyle::Quiet on_press=dismiss/>
            })}
        </div>
    }
}

/// What came of a press, in place. A result is read out by a region that is there before it, a failure as an alert.
#[component]
pub fn ResultView(
    /// What to show, if there is anything.
    result: RwSignal<Option<Notice>>,
) -> impl IntoView {
    let with_tone = move |failure: bool| {
        move || {
            result
                .get()
                .filter(|notice| (notice.tone == Tone::Failure) == failure)
                .map(|notice| view! { <NoticeView notice=notice live=failure/> })
        }
    };
    view! {
        <div role="status" class="result">{with_tone(false)}</div>
        {with_tone(true)}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_report_has_every_detail() {
        let mut notice = Notice::new(Tone::Failure, "It broke.");
        notice.details.push(Detail { name: "Status", value: "502".into() });
        assert_eq!(notice.report(), "It broke.\nStatus: 502");
    }
}
