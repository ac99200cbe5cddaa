//! The sign-in form, for its screen and for the dialog.

use leptos::{ev::SubmitEvent, html::Input, prelude::*};

use super::{Session, console_token::Begun};
use crate::{
    api::{Credentials, credentials::CredentialsError},
    failure::{self, Act},
    ui::{
        Button, ButtonStyle, Checkbox, InputKind, Notice, NoticeView, RadioGroup, Status, TextField,
        effect_with_last, focus_input, spawn_in_scope, timestamp,
    },
};

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Token,
    Password,
}

/// Which field a complaint belongs to.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Field {
    Token,
    Username,
    Password,
}

/// What a token of its own means, for whoever signs in with a password.
const OWN_TOKEN_HINT: &str = "Every request with a password costs the server half a second of work. A token named \
    “console session”, with date and time, is made instead; the password is forgotten at once, and the token is \
    deleted when you sign out or the session locks. If the server does not let you delete tokens, the first one shows that \
    and stays, disabled; you work with the password then.";

/// Signs in with a token or with a user name and a password, perhaps to go on with a token that is made for the
/// session. What was typed stays after a failure.
#[component]
pub fn SignInForm(
    /// The user name to begin with; the form then begins with the password.
    #[prop(optional, into)]
    known_username: MaybeProp<String>,
    /// Called after signing in, with whether it is somebody else than before.
    #[prop(into)]
    on_signed_in: Callback<bool>,
) -> impl IntoView {
    let session = Session::expect();
    let known_username = known_username.get_untracked();
    let kind = RwSignal::new(if known_username.is_some() { Kind::Password } else { Kind::Token });
    let token = RwSignal::new(String::new());
    let username = RwSignal::new(known_username.unwrap_or_default());
    let password = RwSignal::new(String::new());
    let stay = RwSignal::new(session.wants_to_stay());
    let own_token = RwSignal::new(session.wants_console_token());
    let status = Status::expect();
    let complaint = RwSignal::new(None::<CredentialsError>);
    let failed = RwSignal::new(None::<Notice>);
    let busy = RwSignal::new(false);
    let (token_input, username_input, password_input) =
        (NodeRef::<Input>::new(), NodeRef::<Input>::new(), NodeRef::<Input>::new());

    let focus = move |field: Field| {
        focus_input(match field {
            Field::Token => token_input,
            Field::Username => username_input,
            Field::Password => password_input,
        });
    };
    // The first field to fill in, when the form appears.
    effect_with_last(move |done: Option<bool>| {
        if done != Some(true) {
            match kind.get_untracked() {
                Kind::Token => focus(Field::Token),
                Kind::Password => focus(Field::Password),
            }
        }
        token_input.get().is_some() || password_input.get().is_some()
    });

    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        if busy.get_untracked() {
            return;
        }
        failed.set(None);
        let credentials = match kind.get_untracked() {
            Kind::Token => token.with_untracked(|token| Credentials::token(token)),
            Kind::Password => Credentials::basic(&username.read_untracked(), &password.read_untracked()),
        };
        let credentials = match credentials {
            Ok(credentials) => credentials,
            Err(error) => {
                complaint.set(Some(error));
                focus(about(error));
                return;
            }
        };
        complaint.set(None);
        busy.set(true);
        let with_own_token = kind.get_untracked() == Kind::Password && own_token.get_untracked();
        spawn_in_scope(async move {
            let stay = stay.get_untracked();
            let result = if with_own_token {
                session.sign_in_with_console_token(credentials, stay).await
            } else {
                let is_other = session.sign_in(credentials, stay).await;
                is_other.map(|is_other| Begun { is_other, refusal: None })
            };
            busy.try_set(false);
            match result {
                Ok(Begun { is_other, refusal }) => {
                    password.try_set(String::new());
                    if let Some(refusal) = refusal {
                        status.show(refusal.notice(&timestamp()));
                    }
                    on_signed_in.run(is_other);
                }
                Err(error) => {
                    failed.try_set(Some(failure::notice(&error, Act::SignIn)));
                }
            }
        });
    };

    let error_of = move |field: Field| {
        Signal::derive(move || complaint.get().filter(|e| about(*e) == field).map(|e| words(e).to_owned()))
    };
    view! {
        <form class="form" on:submit=submit novalidate>
            <RadioGroup
                label="Sign in with"
                value=kind
                options=vec![(Kind::Token, "API token"), (Kind::Password, "Username and password")]
            />
            {move || match kind.get() {
                Kind::Token => {
                    view! {
                        <TextField
                            label="API token"
                            value=token
                            kind=InputKind::Secret
                            error=error_of(Field::Token)
                            node_ref=token_input
                        />
                    }
                        .into_any()
                }
                Kind::Password => {
                    view! {
                        <TextField
                            label="Username"
                            value=username
                            kind=InputKind::Username
                            error=error_of(Field::Username)
                            node_ref=username_input
                        />
                        <TextField
                            label="Password"
                            value=password
                            kind=InputKind::CurrentPassword
                            error=error_of(Field::Password)
                            node_ref=password_input
                        />
                        <Checkbox label="Work with a token of its own" value=own_token hint=OWN_TOKEN_HINT/>
                    }
                        .into_any()
                }
            }}
            {session.offers_to_stay().then(|| view! { <Checkbox label="Stay signed in on this tab" value=stay/> })}
            {move || failed.get().map(|notice| view! { <NoticeView notice=notice live=true/> })}
            <Button label="Sign in" style=ButtonStyle::Primary submit=true busy=busy/>
        </form>
    }
}

const fn about(error: CredentialsError) -> Field {
    match error {
        CredentialsError::TokenMissing | CredentialsError::TokenCharacter => Field::Token,
        CredentialsError::UsernameMissing | CredentialsError::UsernameColon => Field::Username,
        CredentialsError::PasswordMissing | CredentialsError::ControlCharacter => Field::Password,
    }
}

const fn words(error: CredentialsError) -> &'static str {
    match error {
        CredentialsError::TokenMissing => "Enter an API token.",
        CredentialsError::TokenCharacter => {
            "This contains a space, a line break or another character that no token has. Copy the token again."
        }
        CredentialsError::UsernameMissing => "Enter your username.",
        CredentialsError::UsernameColon => "A username cannot contain a colon.",
        CredentialsError::PasswordMissing => "Enter your password.",
        CredentialsError::ControlCharacter => {
            "This contains a control character. Type it instead of pasting."
        }
    }
}
