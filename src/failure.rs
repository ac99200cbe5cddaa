//! Turns failures into words, in this one place: what happened, whether anything changed, what to do now.

use std::time::Duration;

use crate::{
    api::{Blocker, CreateToken, Error, ErrorKind, Misunderstanding, UserId},
    ui::{Detail, Notice, Tone, timestamp},
};

/// What was being done when it failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FailedAction {
    /// Signing in.
    SignIn,
    /// Reading the list of tokens.
    ListTokens,
    /// Reading the rest of the list, or reading it again, when some of it has been read.
    ListRest,
    /// Reading one token.
    ReadToken,
    /// Fetching a token's secret.
    ReadSecret,
    /// Trying whether a token works.
    VerifyToken,
    /// Continuing the session with another token.
    CarryOver,
    /// Creating a token.
    CreateToken,
    /// Saving changes to a token, including its name.
    SaveToken,
    /// Saving changes to a token other than its name.
    SaveStatus,
    /// Deleting a token.
    DeleteToken,
}

impl FailedAction {
    /// All of them, for tests.
    #[cfg(test)]
    const ALL: [FailedAction; 11] = [
        Self::SignIn,
        Self::ListTokens,
        Self::ListRest,
        Self::ReadToken,
        Self::ReadSecret,
        Self::VerifyToken,
        Self::CarryOver,
        Self::CreateToken,
        Self::SaveToken,
        Self::SaveStatus,
        Self::DeleteToken,
    ];

    const fn failed(self) -> &'static str {
        match self {
            Self::SignIn => "Sign-in failed",
            Self::ListTokens => "The tokens could not be loaded",
            Self::ListRest => "The list could not be loaded completely",
            Self::ReadToken => "The token could not be loaded",
            Self::ReadSecret => "The secret could not be loaded",
            Self::VerifyToken => "Could not check whether the token works",
            Self::CarryOver => "This session still uses the token you signed in with",
            Self::CreateToken => "The token was not created",
            Self::SaveToken | Self::SaveStatus => "The changes were not saved",
            Self::DeleteToken => "The token was not deleted",
        }
    }

    /// Returns the sentence for an unknown outcome; `None` for actions that change nothing.
    const fn unknown(self) -> Option<&'static str> {
        match self {
            Self::CreateToken => Some("The token may have been created"),
            Self::SaveToken | Self::SaveStatus => Some("The changes may have been saved"),
            Self::DeleteToken => Some("The token may have been deleted"),
            _ => None,
        }
    }

    /// Returns how the user can find out the outcome.
    const fn find_out(self) -> &'static str {
        match self {
            Self::CreateToken => "Look for its name in the list before you try again.",
            Self::SaveToken | Self::SaveStatus => "Reload the token to see what was saved.",
            _ => "You can safely try again.",
        }
    }
}

/// Explains a failure in words. `at` is the time of the failure, for the details.
pub fn explain(error: &Error, act: FailedAction, at: &str) -> Notice {
    let unknown = if error.kind.leaves_outcome_unknown() { act.unknown() } else { None };
    let (why, advice) = reason(error, act);
    let title = format!("{}: {why}.", unknown.unwrap_or(act.failed()));
    let text = match unknown {
        Some(_) => act.find_out().to_owned(),
        None if act.unknown().is_some() => format!("Nothing was changed. {advice}"),
        None => advice,
    };
    Notice {
        tone: Tone::Failure,
        title,
        text: text.trim_end().to_owned(),
        details: details(error, at),
        again_after: error.kind.retry_after(),
    }
}

/// Returns why it happened, as the second half of a sentence.
pub fn why(error: &Error, act: FailedAction) -> String {
    reason(error, act).0
}

/// Returns why it happened, as the second half of a sentence, and what to do now.
fn reason(error: &Error, act: FailedAction) -> (String, String) {
    let reason = |why: &str, advice: &str| (why.to_owned(), advice.to_owned());
    match &error.kind {
        ErrorKind::Offline => reason("this device is offline", "Connect to the network, then try again."),
        ErrorKind::Unreachable => reason(
            "the server cannot be reached",
            "The connection was refused or interrupted. Check your network, then try again.",
        ),
        ErrorKind::Blocked(Blocker::Policy) => reason(
            "this page's Content-Security-Policy blocks the server",
            "The console's operator has to add the server to connect-src.",
        ),
        ErrorKind::Blocked(Blocker::Insecure) => reason(
            "browsers block requests from a secure page (https) to an insecure server (http)",
            "The console's operator has to use https in the API address in index.html.",
        ),
        ErrorKind::Blocked(Blocker::CrossOrigin) => reason(
            "the server does not let this page read its response (CORS)",
            "It is on another origin and has to allow this page; a proxy's error page often does not. Try \
             again in a moment, or ask the server's operator.",
        ),
        ErrorKind::TimedOut(limit) => {
            (format!("the server did not answer within {}", span(*limit)), "Try again in a moment.".into())
        }
        ErrorKind::Cancelled => reason("the request was abandoned", "Try again."),
        ErrorKind::NotSignedIn if act == FailedAction::SignIn => reason(
            "the server did not accept these credentials",
            "Check for typos. Disabled tokens and inactive users are refused too.",
        ),
        ErrorKind::NotSignedIn if act == FailedAction::CarryOver => reason(
            "the server does not accept the other token",
            "It may have been disabled or deleted, or its owner may be inactive.",
        ),
        // `Session::run` reports this only if the user has just signed in again.
        ErrorKind::NotSignedIn => reason(
            "the server refuses this request, although it accepts your credentials",
            "The server or a proxy in front of it may be misconfigured.",
        ),
        ErrorKind::NotPermitted if act == FailedAction::VerifyToken => reason(
            "the token is not allowed to ask whom it belongs to",
            "It may still work for other requests.",
        ),
        ErrorKind::NotPermitted => reason("you do not have permission", "Ask an administrator or the owner."),
        ErrorKind::MethodNotAllowed(_) => {
            reason("the server does not allow it", "Ask the server's operator if you need it.")
        }
        ErrorKind::NotFound => match act {
            FailedAction::ReadToken
            | FailedAction::ReadSecret
            | FailedAction::SaveToken
            | FailedAction::SaveStatus
            | FailedAction::DeleteToken => {
                reason("there is no such token", "It may have been deleted. Go back to the list.")
            }
            _ => reason("the server does not know this address", "Check the API address in index.html."),
        },
        ErrorKind::Conflict => match act {
            FailedAction::CreateToken | FailedAction::SaveToken => {
                reason("the owner already has a token with this name", "Choose another name.")
            }
            FailedAction::SaveStatus => {
                reason("the server reported a conflict", "Reload the token, then try again.")
            }
            _ => reason("the server reported a conflict", "Reload the page."),
        },
        ErrorKind::Invalid(messages) => {
            let said: Vec<_> =
                messages.iter().map(|(field, message)| format!("{field}: {message}")).collect();
            ("the server does not accept these values".into(), said.join(" "))
        }
        ErrorKind::TooLarge => reason("the request is too large for the server", "Use shorter values."),
        ErrorKind::TooManyRequests(after) => {
            ("the server is limiting requests".into(), format!("Try again {}.", when(*after)))
        }
        ErrorKind::Refused => (
            format!("the server refused this request ({})", error.status.unwrap_or_default()),
            "The server or a proxy in front of it may block such requests. Ask the server's operator.".into(),
        ),
        ErrorKind::Server(after) => {
            let status = error.status.map(|s| format!(" ({s})")).unwrap_or_default();
            (
                format!("the server or a proxy in front of it failed{status}"),
                format!("Try again {}.", when(*after)),
            )
        }
        ErrorKind::Redirected => reason(
            "the server redirected the request",
            "Redirects are not followed, to protect your credentials. A proxy may want you to sign in first.",
        ),
        ErrorKind::NotUnderstood(why) => (not_understood(*why, error.status), NOT_OURS.into()),
    }
}

const NOT_OURS: &str = "Something other than the API may have answered, such as a proxy or its login page.";

fn not_understood(why: Misunderstanding, status: Option<u16>) -> String {
    match why {
        Misunderstanding::Status => {
            format!("the server answered with an unexpected status ({})", status.unwrap_or_default())
        }
        Misunderstanding::WebPage => "the server returned a web page instead of data".into(),
        Misunderstanding::Empty => "the response was empty".into(),
        Misunderstanding::NotJson => "the response is incomplete or not JSON".into(),
        Misunderstanding::Shape => "the response has an unexpected format".into(),
        Misunderstanding::TooLong => "the response is too long".into(),
    }
}

/// Formats a duration. Beyond 90 seconds nobody counts seconds; it is rounded up, so that no wait seems shorter than it
/// is.
fn span(time: Duration) -> String {
    let (number, unit) = match time.as_secs() {
        n @ ..=90 => (n, "second"),
        n @ ..3600 => (n.div_ceil(60), "minute"),
        n => (n.div_ceil(3600), "hour"),
    };
    format!("{number} {unit}{}", if number == 1 { "" } else { "s" })
}

fn when(after: Option<Duration>) -> String {
    after.map_or_else(|| "in a moment".into(), |after| format!("in {}", span(after)))
}

fn details(error: &Error, at: &str) -> Vec<Detail> {
    let mut details = vec![
        Detail { name: "Request", value: format!("{} {}", error.method, error.path) },
        Detail {
            name: "Status",
            value: error.status.map_or_else(|| "no response".into(), |s| s.to_string()),
        },
        Detail { name: "Time", value: at.to_owned() },
    ];
    details.extend(error.message.clone().map(|value| Detail { name: "The server says", value }));
    details
}

/// Explains a failure that has just occurred.
pub fn notice(error: &Error, act: FailedAction) -> Notice {
    explain(error, act, &timestamp())
}

/// Explains a failure that left the outcome unknown, after a lookup that found everything unchanged.
pub fn notice_after_look(error: &Error, act: FailedAction) -> Notice {
    explain_after_look(error, act, &timestamp())
}

fn explain_after_look(error: &Error, act: FailedAction, at: &str) -> Notice {
    let mut notice = explain(error, act, at);
    let found = match act {
        FailedAction::SaveToken | FailedAction::SaveStatus => {
            Some(("The changes were not saved: the server still has the old values.", "Try again."))
        }
        FailedAction::CreateToken => Some((
            "The token was not created: the owner has no token with this name.",
            "You can safely try again.",
        )),
        FailedAction::DeleteToken => {
            Some(("The token was not deleted: the server still has it.", "You can safely try again."))
        }
        _ => None,
    };
    if let (true, Some((title, text))) = (error.kind.leaves_outcome_unknown(), found) {
        notice.title = title.into();
        notice.text = format!("Reason: {}. {text}", why(error, act));
    }
    notice
}

/// Returns what is wrong with the owner, in words, if the creation was refused because of the owner: a 403 to a token
/// for another user. It says nothing about tokens for the signed-in user or for other owners.
pub fn refused_owner(failure: &Error, asked: &CreateToken, own: Option<UserId>) -> Option<String> {
    let is_others = asked.owner_id.is_some() && asked.owner_id != own;
    (is_others && failure.kind == ErrorKind::NotPermitted).then(|| {
        let said = failure.message.as_deref().map(|message| format!(" The server says: “{message}”"));
        format!("You are not allowed to create tokens for this owner.{}", said.unwrap_or_default())
    })
}

/// Returns why something is being retried automatically, as a sentence.
pub const fn waiting(kind: &ErrorKind) -> &'static str {
    match kind {
        ErrorKind::Offline => "This device is offline. The console continues when the network is back.",
        ErrorKind::TimedOut(_) => "The server does not answer.",
        ErrorKind::TooManyRequests(_) => "The server is limiting requests.",
        ErrorKind::Server(_) => "The server or a proxy in front of it failed.",
        _ => "The server cannot be reached.",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::{FieldMessages, Method};

    fn kinds() -> Vec<ErrorKind> {
        use Misunderstanding::*;
        let mut kinds = vec![
            ErrorKind::Offline,
            ErrorKind::Unreachable,
            ErrorKind::TimedOut(Duration::from_secs(20)),
            ErrorKind::Cancelled,
            ErrorKind::NotSignedIn,
            ErrorKind::NotPermitted,
            ErrorKind::MethodNotAllowed(None),
            ErrorKind::NotFound,
            ErrorKind::Conflict,
            ErrorKind::Invalid(FieldMessages::sample(serde_json::json!({"name": ["Too short."]}))),
            ErrorKind::TooLarge,
            ErrorKind::TooManyRequests(Some(Duration::from_secs(7))),
            ErrorKind::Server(None),
            ErrorKind::Refused,
            ErrorKind::Redirected,
            ErrorKind::Blocked(Blocker::Policy),
            ErrorKind::Blocked(Blocker::Insecure),
            ErrorKind::Blocked(Blocker::CrossOrigin),
        ];
        kinds.extend([Status, WebPage, Empty, NotJson, Shape, TooLong].map(ErrorKind::NotUnderstood));
        kinds
    }

    fn error(kind: ErrorKind) -> Error {
        Error { kind, method: Method::Patch, path: "/api_tokens/5".into(), status: Some(418), message: None }
    }

    #[test]
    fn every_failure_of_every_act_is_said() {
        for act in FailedAction::ALL {
            for kind in kinds() {
                let notice = explain(&error(kind.clone()), act, "now");
                assert!(notice.title.ends_with('.') && notice.title.contains(": "), "{}", notice.title);
                assert!(!notice.text.is_empty(), "{act:?} {kind:?}");
                assert_eq!(notice.tone, Tone::Failure);
            }
        }
    }

    #[test]
    fn a_write_says_whether_anything_changed() {
        let certain = explain(&error(ErrorKind::NotPermitted), FailedAction::DeleteToken, "now");
        assert!(certain.text.starts_with("Nothing was changed."), "{}", certain.text);
        let open =
            explain(&error(ErrorKind::TimedOut(Duration::from_secs(40))), FailedAction::CreateToken, "now");
        assert!(open.title.starts_with("The token may have been created"), "{}", open.title);
        assert!(open.text.contains("before you try again"));
        let read = explain(&error(ErrorKind::Server(None)), FailedAction::ListTokens, "now");
        assert!(read.title.starts_with("The tokens could not be loaded"), "{}", read.title);
    }

    #[test]
    fn the_reason_is_said_after_a_look_as_well() {
        let notice = explain_after_look(&error(ErrorKind::Server(None)), FailedAction::SaveToken, "now");
        assert_eq!(notice.title, "The changes were not saved: the server still has the old values.");
        assert_eq!(notice.text, "Reason: the server or a proxy in front of it failed (418). Try again.");
        // The outcome was known without a lookup.
        let notice = explain_after_look(&error(ErrorKind::Refused), FailedAction::SaveToken, "now");
        assert_eq!(notice.title, "The changes were not saved: the server refused this request (418).");
        assert!(notice.text.starts_with("Nothing was changed."), "{}", notice.text);
    }

    #[test]
    fn details_name_request_status_time_and_the_servers_words() {
        let mut error = error(ErrorKind::NotPermitted);
        error.message = Some("No.".into());
        let details = explain(&error, FailedAction::SaveToken, "2026-01-01T00:00:00Z").details;
        let text: Vec<_> = details.iter().map(|d| format!("{}={}", d.name, d.value)).collect();
        assert_eq!(
            text,
            ["Request=PATCH /api_tokens/5", "Status=418", "Time=2026-01-01T00:00:00Z", "The server says=No."]
        );
    }

    #[test]
    fn waiting_times_are_said() {
        let notice = explain(
            &error(ErrorKind::TooManyRequests(Some(Duration::from_secs(7)))),
            FailedAction::ListTokens,
            "",
        );
        assert!(notice.text.contains("in 7 seconds"), "{}", notice.text);
        assert_eq!(notice.again_after, Some(Duration::from_secs(7)));
        let notice = explain(&error(ErrorKind::Server(None)), FailedAction::SignIn, "");
        assert!(notice.title.contains("(418)") && notice.text.contains("in a moment"));
        let spans = [1, 90, 91, 300, 3541, 3600].map(|n| span(Duration::from_secs(n)));
        assert_eq!(spans, ["1 second", "90 seconds", "2 minutes", "5 minutes", "60 minutes", "1 hour"]);
    }

    #[test]
    fn a_refusal_of_an_owner_is_about_that_owner_only() {
        let refused = |kind: ErrorKind, owner_id, own| {
            let asked = CreateToken { name: "ci-token".into(), owner_id, length: None };
            let (method, path) = (Method::Post, "/api_tokens/".to_owned());
            let failure = Error { kind, method, path, status: Some(403), message: Some("No.".into()) };
            refused_owner(&failure, &asked, own)
        };
        let words = "You are not allowed to create tokens for this owner. The server says: “No.”";
        assert_eq!(refused(ErrorKind::NotPermitted, Some(1), Some(2)).as_deref(), Some(words));
        // An explicit owner counts even if the signed-in user is unknown.
        assert_eq!(refused(ErrorKind::NotPermitted, Some(1), None).as_deref(), Some(words));
        assert_eq!(refused(ErrorKind::NotPermitted, Some(2), Some(2)), None);
        assert_eq!(refused(ErrorKind::NotPermitted, None, Some(2)), None);
        // The method is not allowed, whoever the owner would be.
        assert_eq!(refused(ErrorKind::MethodNotAllowed(None), Some(1), Some(2)), None);
    }
}
