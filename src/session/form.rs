//! The sign-in form, used by the sign-in screen and by the dialog.

use leptos::{ev::SubmitEvent, html::Input, prelude::*};

use super::{Session, console_token::Begun};
use crate::{
    api::{Credentials, Error, credentials::CredentialsError},
    failure::{self, FailedAction},
    ui::{
        Button, ButtonStyle, Checkbox, InputKind, Notice, NoticeView, RadioGroup, Status, TextField, Tone,
        effect_with_last, focus_input, spawn_in_scope, timestamp,
    },
};

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Token,
    Password,
}

/// The field that an error message belongs to.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Field {
    Token,
    Username,
    Password,
}

/// Explains the console session token to users who sign in with a password.
const CONSOLE_TOKEN_HINT: &str = "Less work for the server. A token named “console session …” is created and your \
                                  password is forgotten at once. The token is deleted when you sign out or the \
                                  session locks. If you are not allowed to delete tokens, it is disabled instead \
                                  and you stay signed in with your password.";

/// Signs in with a token or with a user name and a password, optionally continuing with a console session token. The
/// input is kept after a failure.
#[component]
pub fn SignInForm(
    /// The user name to start with; the form then starts at the password.
    #[prop(optional, into)]
    known_username: MaybeProp<String>,
    /// Called after signing in, with whether the user is another one than before.
    #[prop(into)]
    on_signed_in: Callback<bool>,
) -> impl IntoView {
    let entering = Entering::begin(known_username.get_untracked(), on_signed_in);
    let Entering { kind, stays, failed, busy, session, .. } = entering;
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        entering.submit();
    };
    view! {
        <form class="form" on:submit=submit novalidate>
            <RadioGroup
                label="Sign in with"
                value=kind
                options=vec![(Kind::Token, "API token"), (Kind::Password, "Username and password")]
            />
            {move || match kind.get() {
                Kind::Token => token_field(entering),
                Kind::Password => password_fields(entering),
            }}
            {session.offers_to_stay().then(|| view! { <Checkbox label="Stay signed in on this tab" value=stays/> })}
            {move || failed.get().map(|notice| view! { <NoticeView notice=notice live=true/> })}
            <Button label="Sign in" style=ButtonStyle::Primary submit=true busy=busy/>
        </form>
    }
}

fn token_field(entering: Entering) -> AnyView {
    view! {
        <TextField
            label="API token"
            value=entering.token
            kind=InputKind::Secret
            error=entering.error_of(Field::Token)
            node_ref=entering.inputs.token
        />
    }
    .into_any()
}

fn password_fields(entering: Entering) -> AnyView {
    view! {
        <TextField
            label="Username"
            value=entering.username
            kind=InputKind::Username
            error=entering.error_of(Field::Username)
            node_ref=entering.inputs.username
        />
        <TextField
            label="Password"
            value=entering.password
            kind=InputKind::CurrentPassword
            error=entering.error_of(Field::Password)
            node_ref=entering.inputs.password
        />
        <Checkbox
            label="Use a temporary token for this session"
            value=entering.wants_console_token
            hint=CONSOLE_TOKEN_HINT
        />
    }
    .into_any()
}

/// The form's input, and the result of submitting it. A handle.
#[derive(Clone, Copy)]
struct Entering {
    kind: RwSignal<Kind>,
    token: RwSignal<String>,
    username: RwSignal<String>,
    password: RwSignal<String>,
    /// Whether to stay signed in on this tab.
    stays: RwSignal<bool>,
    /// Whether to continue with a console session token.
    wants_console_token: RwSignal<bool>,
    complaint: RwSignal<Option<CredentialsError>>,
    failed: RwSignal<Option<Notice>>,
    busy: RwSignal<bool>,
    inputs: Inputs,
    on_signed_in: Callback<bool>,
    session: Session,
    status: Status,
}

/// The input elements that are in the page.
#[derive(Clone, Copy, Default)]
struct Inputs {
    token: NodeRef<Input>,
    username: NodeRef<Input>,
    password: NodeRef<Input>,
}

impl Entering {
    /// Starts with a token, or with the password of a known user.
    fn begin(known_username: Option<String>, on_signed_in: Callback<bool>) -> Self {
        let session = Session::expect();
        let entering = Self {
            kind: RwSignal::new(if known_username.is_some() { Kind::Password } else { Kind::Token }),
            token: RwSignal::new(String::new()),
            username: RwSignal::new(known_username.unwrap_or_default()),
            password: RwSignal::new(String::new()),
            stays: RwSignal::new(session.wants_to_stay()),
            wants_console_token: RwSignal::new(session.wants_console_token()),
            complaint: RwSignal::new(None),
            failed: RwSignal::new(None),
            busy: RwSignal::new(false),
            inputs: Inputs::default(),
            on_signed_in,
            session,
            status: Status::expect(),
        };
        // Focuses the first field to fill in when the form appears.
        effect_with_last(move |done: Option<bool>| {
            if done != Some(true) {
                entering.focus(match entering.kind.get_untracked() {
                    Kind::Token => Field::Token,
                    Kind::Password => Field::Password,
                });
            }
            entering.inputs.token.get().is_some() || entering.inputs.password.get().is_some()
        });
        entering
    }

    /// Returns what is wrong with a field.
    fn error_of(self, field: Field) -> Signal<Option<String>> {
        Signal::derive(move || {
            let complaint = self.complaint.get().filter(|complaint| about(*complaint) == field);
            complaint.map(|complaint| words(complaint).to_owned())
        })
    }

    fn focus(self, field: Field) {
        focus_input(match field {
            Field::Token => self.inputs.token,
            Field::Username => self.inputs.username,
            Field::Password => self.inputs.password,
        });
    }

    fn credentials(self) -> Result<Credentials, CredentialsError> {
        match self.kind.get_untracked() {
            Kind::Token => self.token.with_untracked(|token| Credentials::token(token)),
            Kind::Password => {
                Credentials::basic(&self.username.read_untracked(), &self.password.read_untracked())
            }
        }
    }

    fn submit(self) {
        if self.busy.get_untracked() {
            return;
        }
        self.failed.set(None);
        let credentials = self.credentials();
        self.complaint.set(credentials.as_ref().err().copied());
        let credentials = match credentials {
            Ok(credentials) => credentials,
            Err(error) => return self.focus(about(error)),
        };
        self.busy.set(true);
        spawn_in_scope(async move {
            let result = self.sign_in(credentials).await;
            // Signing in may have removed the form.
            self.busy.try_set(false);
            match result {
                Ok(Begun { is_other, refusal }) => {
                    self.password.try_set(String::new());
                    if let Some(refusal) = refusal {
                        self.status.show(refusal.notice(&timestamp()));
                    } else if self.session.stays_in_vain() {
                        self.status.show(not_kept());
                    }
                    self.on_signed_in.run(is_other);
                }
                Err(error) => {
                    self.failed.try_set(Some(failure::notice(&error, FailedAction::SignIn)));
                }
            }
        });
    }

    async fn sign_in(self, credentials: Credentials) -> Result<Begun, Error> {
        let stays = self.stays.get_untracked();
        if self.kind.get_untracked() == Kind::Password && self.wants_console_token.get_untracked() {
            return self.session.sign_in_with_console_token(credentials, stays).await;
        }
        let is_other = self.session.sign_in(credentials, stays).await?;
        Ok(Begun { is_other, refusal: None })
    }
}

/// The notice for a browser that forbids storage, or has no room left.
fn not_kept() -> Notice {
    Notice::new(Tone::Info, "This tab will not stay signed in.")
        .with_text("The browser did not store the session. After a reload you have to sign in again.")
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
            "This contains a space, a line break or another character that tokens never have. Copy the \
             token again."
        }
        CredentialsError::UsernameMissing => "Enter your username.",
        CredentialsError::UsernameColon => "A username cannot contain a colon.",
        CredentialsError::PasswordMissing => "Enter your password.",
        CredentialsError::ControlCharacter => {
            "This contains a control character. Type it instead of pasting."
        }
    }
}
