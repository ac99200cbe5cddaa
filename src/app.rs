//! Providers, router and the frame of the page.

use leptos::prelude::*;
use leptos_router::components::Router;

#[cfg(debug_assertions)]
use crate::styleguide;
use crate::{
    api::TokenId,
    config::{Config, ConfigError},
    leaving::{LeaveQuestion, Leaving},
    navigation::{self, Navigation},
    palette::{CommandMenu, Palette, PaletteButton},
    part, parts,
    routes::Route,
    session::{IdleWatch, OtherTabs, Session, SignInAgain, SignInScreen, SignedIn, UndeletedNews, WaitLine},
    shortcuts::{Shortcuts, ShortcutsButton, ShortcutsHelp},
    theme::{ThemeChoice, Themes},
    tokens::{self, LeftBehind, ListScreen, NewScreen, RotateScreen, TokenScreen},
    ui::{
        Activity, ActivityLog, Button, ButtonStyle, LinkButton, Notice, NoticeView, Screen, SkipLink, Status,
        StatusRegion, Tone, effect_with_last, provide_screens, watch_focus,
    },
};

/// The whole console.
#[component]
pub fn App() -> impl IntoView {
    let base = navigation::base();
    #[cfg(debug_assertions)]
    if styleguide::is_at(&base) {
        Themes::provide();
        // Of the frame, only what affects widgets.
        let frame = view! { <footer class="footer"><ThemeChoice/></footer> };
        return view! { <styleguide::Styleguide/> {frame} }.into_any();
    }
    Leaving::provide();
    match Config::read(meta) {
        Ok(config) => {
            let router_base = base.clone();
            view! {
                <Router base=router_base>
                    <Console config=config base=base/>
                </Router>
            }
            .into_any()
        }
        Err(errors) => view! { <Misconfigured errors=errors/> }.into_any(),
    }
}

/// Returns the content of a meta tag of `index.html`.
fn meta(name: &str) -> Option<String> {
    document().query_selector(&format!("meta[name='{name}']")).ok().flatten()?.get_attribute("content")
}

#[component]
fn Console(config: Config, base: String) -> impl IntoView {
    provide_screens();
    watch_focus();
    let navigation = Navigation::provide(base);
    Leaving::expect().go_by(navigation);
    Status::provide();
    let activity = ActivityLog::provide();
    let session = Session::provide(config);
    tokens::provide();
    Themes::provide();
    Shortcuts::provide();
    Palette::provide();
    clear_between_screens(navigation, session);
    parts::load_on_first_activity();
    session.when_user_leaves(move || activity.clear());
    view! {
        <SkipLink target="main" label="Skip to content"/>
        <Banner/>
        <main id="main" tabindex="-1">
            <StatusRegion/>
            <UndeletedNews/>
            <LeftBehind/>
            <WaitLine/>
            <Screens/>
        </main>
        <Show when=move || session.identity().with(Option::is_some)>
            <Activity/>
        </Show>
        <footer class="footer">
            <ShortcutsButton/>
            <ThemeChoice/>
        </footer>
        <ShortcutsHelp/>
        <CommandMenu/>
        <SignInAgain/>
        <LeaveQuestion/>
        <IdleWatch/>
        <OtherTabs/>
    }
}

/// Clears notices when the user moves on. A notice belongs to the screen on which it appeared, or to the one that an
/// action led to.
fn clear_between_screens(navigation: Navigation, session: Session) {
    let status = Status::expect();
    effect_with_last(move |before: Option<Option<Route>>| {
        let now = navigation.current().get();
        if before.is_some_and(|before| before != now) {
            status.moved_on();
            session.renew_retries();
        }
        now
    });
}

/// The screen that an address belongs to.
#[derive(Clone, Copy, PartialEq)]
enum Place {
    SignIn,
    List,
    New,
    Token(TokenId),
    Rotation(TokenId),
    Nowhere,
}

impl Place {
    fn of(route: Option<&Route>) -> Self {
        match route {
            Some(Route::SignIn { .. }) => Self::SignIn,
            Some(Route::Tokens(_)) => Self::List,
            Some(Route::NewToken) => Self::New,
            Some(Route::Token(id)) => Self::Token(*id),
            Some(Route::Rotate(id)) => Self::Rotation(*id),
            None => Self::Nowhere,
        }
    }

    /// Returns the ID of the token that the screen is about.
    const fn token(self) -> Option<TokenId> {
        match self {
            Self::Token(id) | Self::Rotation(id) => Some(id),
            Self::SignIn | Self::List | Self::New | Self::Nowhere => None,
        }
    }
}

/// Renders the screen of the current address, created anew for every token.
#[component]
fn Screens() -> impl IntoView {
    let navigation = Navigation::expect();
    let place = Memo::new(move |_| navigation.current().with(|route| Place::of(route.as_ref())));
    let token = StoredValue::new(None);
    move || {
        let place = place.get();
        let came_from = token.try_update_value(|token| std::mem::replace(token, place.token())).flatten();
        untrack(|| match place {
            Place::SignIn => sign_in_screen(),
            Place::List => view! { <SignedIn><ListScreen came_from=came_from/></SignedIn> }.into_any(),
            Place::New => view! { <SignedIn>{new_screen()}</SignedIn> }.into_any(),
            Place::Token(id) => view! { <SignedIn>{token_screen(id)}</SignedIn> }.into_any(),
            Place::Rotation(id) => view! { <SignedIn>{rotate_screen(id)}</SignedIn> }.into_any(),
            Place::Nowhere => view! { <NotFound/> }.into_any(),
        })
    }
}

part! {
    screen in sign_in;
    fn sign_in_screen() {
        view! { <SignInScreen/> }
    }
}

part! {
    screen in token;
    fn new_screen() {
        view! { <NewScreen/> }
    }
}

part! {
    screen in token;
    fn token_screen(id: TokenId) {
        view! { <TokenScreen id=id/> }
    }
}

part! {
    screen in token;
    fn rotate_screen(id: TokenId) {
        view! { <RotateScreen id=id/> }
    }
}

#[component]
fn Banner() -> impl IntoView {
    let session = Session::expect();
    let navigation = Navigation::expect();
    let leaving = Leaving::expect();
    let status = Status::expect();
    let sign_out = move |()| leaving.before(move || session.sign_out_everywhere(navigation, status));
    view! {
        <header class="banner">
            <a class="brand" href=navigation.href(&Route::HOME)>"Credential Manager"</a>
            <PaletteButton/>
            {move || session.identity().get().map(|identity| view! {
                <div class="banner-user">
                    <span class="who"><span class="visually-hidden">"Signed in as "</span>{identity.label}</span>
                    {move || session.console_token().map(|id| view! {
                        <a class="badge badge-own" href=navigation.href(&Route::Token(id))>"Temporary token"</a>
                    })}
                    <Button label="Sign out" style=ButtonStyle::Quiet on_press=sign_out/>
                </div>
            })}
        </header>
    }
}

#[component]
fn NotFound() -> impl IntoView {
    let navigation = Navigation::expect();
    view! {
        <Screen heading="Page not found">
            <p>"There is no page at this address. It may be mistyped or outdated."</p>
            <p><LinkButton label="Go to the list of tokens" href=navigation.href(&Route::HOME)/></p>
        </Screen>
    }
}

/// Names the errors in `index.html`. Without knowing where the API is and how it wants tokens, nothing else can be
/// done.
#[component]
fn Misconfigured(errors: Vec<ConfigError>) -> impl IntoView {
    let notice = Notice::new(Tone::Failure, "This console is not set up correctly.")
        .with_text("Its operator has to correct these meta tags in index.html. No rebuild is needed.");
    let lines: Vec<_> = errors.iter().map(|error| view! { <li>{error.to_string()}</li> }).collect();
    view! {
        <main id="main" class="screen">
            <h1>"Credential Manager"</h1>
            <NoticeView notice=notice live=true/>
            <ul>{lines}</ul>
        </main>
    }
}
