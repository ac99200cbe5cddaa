//! The sign-in form, for its screen and for the dialog.

use leptos::{ev::SubmitEvent, html::Input, prelude::*, task::spawn_local_scoped_with_cancellation};

use super::Session;
use crate::{
    api::{Credentials, credentials::CredentialsError},
    failure::{self, Act},
    ui::{Button, ButtonStyle, Checkbox, InputKind, Notice, NoticeView, RadioGroup, TextField, focus_input},
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

/// Signs in with a token or with a user name and a password. What was typed stays after a failure.
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
    let stay = RwSignal::new(session.offers_to_stay());
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
    Effect::new(move |done: Option<bool>| {
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
        spawn_local_scoped_with_cancellation(async move {
            let result = session.sign_in(credentials, stay.get_untracked()).await;
            busy.try_set(false);
            match result {
                Ok(other) => on_signed_in.run(other),
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
