//! Notices: a box with a sentence, advice and details.

use std::time::Duration;

use js_sys::Date;
use leptos::{html, prelude::*};

use super::{Button, ButtonStyle, Countdown, bring_into_view};

/// The kind of news. Never expressed by colour alone: the words say it too.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tone {
    /// Something succeeded.
    Success,
    /// Information.
    Info,
    /// Something failed.
    Failure,
}

/// A line of the expandable details.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Detail {
    /// The name of the value.
    pub name: &'static str,
    /// The value. Must not contain a secret.
    pub value: String,
}

const NOT_COPIED: &str = "This page could not use the clipboard. Select the details and copy them.";

/// A notice about what happened, in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    /// The kind of news.
    pub tone: Tone,
    /// What happened, in one sentence.
    pub title: String,
    /// Whether anything changed, and what to do now.
    pub text: String,
    /// For those who are asked for help: status, time, request.
    pub details: Vec<Detail>,
    /// How long to wait before trying again, if the server said so. Counts from when the notice is shown.
    pub again_after: Option<Duration>,
}

impl Notice {
    /// Makes a notice of one sentence.
    pub fn new(tone: Tone, title: impl Into<String>) -> Self {
        Self { tone, title: title.into(), text: String::new(), details: Vec::new(), again_after: None }
    }

    /// Adds a second, explanatory part.
    #[must_use]
    pub fn with_text(mut self, text: impl Into<String>) -> Self {
        self.text = text.into();
        self
    }

    /// Returns the details as text, to be pasted into a message.
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
    /// The notice.
    notice: Notice,
    /// Whether it is a live region of its own (`role="alert"` for failures). Not to be used inside a live region, where
    /// it would be announced twice.
    #[prop(optional)]
    live: bool,
    /// Whether it is the result of a press, which is brought into view.
    #[prop(optional)]
    is_result: bool,
    /// Called by the button "Dismiss", which is shown only with this.
    #[prop(optional, into)]
    on_dismiss: Option<Callback<()>>,
    /// Buttons for what to do next, such as "Try again".
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
    if is_result || live && notice.tone == Tone::Failure {
        // The notice is beside the pressed button, which in a small window may be out of sight.
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
                            before="You can try again in "
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

/// Shows the result of a press in place, and brings it into view. A success is announced by a region that exists before
/// it, a failure as an alert.
#[component]
pub fn ResultView(
    /// The result, if there is one.
    result: RwSignal<Option<Notice>>,
    /// Buttons for what to do next.
    #[prop(optional, into)]
    actions: ViewFn,
) -> impl IntoView {
    let with_tone = move |failure: bool| {
        let actions = actions.clone();
        move || {
            result
                .get()
                .filter(|notice| (notice.tone == Tone::Failure) == failure)
                .map(|notice| view! { <NoticeView notice=notice live=failure is_result=true actions=actions.clone()/> })
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
