//! Parts of the console: separate WebAssembly files, loaded when they are first needed, so that a user who only looks
//! at the list does not wait for the code that changes tokens.
//!
//! A release build is split at each [`part!`](crate::part) (feature `split`; docs/architecture.md has the steps). In
//! any other build everything is in one WebAssembly, and each part is available at once.

use std::{future::Future, pin::Pin, task};

use leptos::{prelude::*, reactive::owner::WeakOwner, task::spawn_local};

use super::{
    Button, Notice, NoticeView, Screen, Status, Tone, after_paint, screen::ScreenToCome,
    spawn::spawn_in_scope,
};

/// The WebAssembly of a part could not be loaded. The browser's log says which file, and why.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotLoaded;

impl From<leptos::wasm_split::SplitLoaderError> for NotLoaded {
    fn from(_: leptos::wasm_split::SplitLoaderError) -> Self {
        Self
    }
}

/// A future that resolves when a part is loaded.
pub type Loading = Pin<Box<dyn Future<Output = Result<(), NotLoaded>>>>;

/// Loads a part, unless it is loaded already. After a failure the next call tries again.
pub type LoadPart = fn() -> Loading;

/// Declares a function that shows the content of a part, a WebAssembly of the given name:
///
/// ```text
/// part! {
///     /// The screen of one token.
///     screen in token;
///     pub fn token_screen(id: TokenId) {
///         view! { <TokenScreen id=id/> }
///     }
/// }
/// ```
///
/// Use `screen` if the content is a whole screen, which has to have a heading while it is loaded; leave it out for a
/// piece of a screen. Everything that only the block needs goes into the part. The function returns a view at once: of
/// the block, or of loading it first. Its arguments have to be `Clone`; signals that the block reads are not tracked.
#[macro_export]
macro_rules! part {
    ($(#[$meta:meta])* in $($rest:tt)*) => {
        $crate::part! { $(#[$meta])* @ $crate::ui::PartKind::Fragment; $($rest)* }
    };
    ($(#[$meta:meta])* screen in $($rest:tt)*) => {
        $crate::part! { $(#[$meta])* @ $crate::ui::PartKind::Screen; $($rest)* }
    };
    (
        $(#[$meta:meta])*
        @ $kind:expr; $module:ident;
        $vis:vis fn $name:ident($($arg:ident: $type:ty),* $(,)?) $body:block
    ) => {
        $(#[$meta])*
        $vis fn $name($($arg: $type),*) -> ::leptos::prelude::AnyView {
            #[cfg(feature = "split")]
            #[::leptos::wasm_split::wasm_split($module, wasm_split_path = ::leptos::wasm_split, preload(load), fallible)]
            fn content($($arg: $type),*) -> Result<::leptos::prelude::AnyView, $crate::ui::NotLoaded> {
                let view = $body;
                Ok(::leptos::prelude::IntoAny::into_any(view))
            }
            #[cfg(not(feature = "split"))]
            async fn content($($arg: $type),*) -> Result<::leptos::prelude::AnyView, $crate::ui::NotLoaded> {
                let view = $body;
                Ok(::leptos::prelude::IntoAny::into_any(view))
            }
            #[cfg(not(feature = "split"))]
            async fn load() -> Result<(), $crate::ui::NotLoaded> {
                Ok(())
            }
            $crate::ui::show_part(
                $kind,
                // Not from `load_part!`: each function finds out for itself, when first called, whether its part is
                // loaded.
                || Box::pin(async { load().await.map_err($crate::ui::NotLoaded::from) }),
                Box::new(move || $crate::ui::if_ready(content($($arg.clone()),*)).and_then(Result::ok)),
            )
        }
    };
}

/// Makes the [`LoadPart`] of the part of this name.
#[macro_export]
macro_rules! load_part {
    ($module:ident) => {{
        #[cfg(feature = "split")]
        #[::leptos::wasm_split::wasm_split($module, wasm_split_path = ::leptos::wasm_split, preload(load), fallible)]
        fn there() -> Result<(), $crate::ui::NotLoaded> {
            Ok(())
        }
        #[cfg(not(feature = "split"))]
        async fn load() -> Result<(), $crate::ui::NotLoaded> {
            Ok(())
        }
        let load: $crate::ui::LoadPart =
            || Box::pin(async { load().await.map_err($crate::ui::NotLoaded::from) });
        load
    }};
}

/// Returns the output of a future if it is ready at once.
pub fn if_ready<T>(future: impl Future<Output = T>) -> Option<T> {
    let future = std::pin::pin!(future);
    match future.poll(&mut task::Context::from_waker(task::Waker::noop())) {
        task::Poll::Ready(answer) => Some(answer),
        task::Poll::Pending => None,
    }
}

/// Calls `act` once a part is loaded: at once if it is already, and even if the caller's scope has ended meanwhile. If
/// the part cannot be loaded, the [`Status`] says so.
pub fn when_loaded(load: LoadPart, status: Status, act: impl FnOnce() + 'static) {
    let then = move |came| match came {
        Ok(()) => act(),
        Err(NotLoaded) => status.show(not_loaded()),
    };
    let mut loading = load();
    match if_ready(&mut loading) {
        Some(came) => then(came),
        None => spawn_local(async move { then(loading.await) }),
    }
}

/// Loads parts that will be needed, after the current state of the page is painted. A failure is reported only when a
/// part that is missing is needed.
pub fn load_ahead(loads: impl IntoIterator<Item = LoadPart> + 'static) {
    after_paint(|| {
        spawn_local(async {
            for load in loads {
                let _ = load().await;
            }
        });
    });
}

/// How much of a screen a part is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PartKind {
    /// A whole screen: the part is everything on it, including the heading.
    Screen,
    /// A piece of a screen that is already shown.
    Fragment,
}

/// The loading state of a part.
#[derive(Clone, Copy, PartialEq)]
enum State {
    Loading,
    There,
    Missing,
}

/// Shows the content of a part, or first that it is being loaded; for [`part!`](crate::part). `content` returns `None`
/// until the part is loaded.
pub fn show_part(
    kind: PartKind,
    load: LoadPart,
    content: Box<dyn Fn() -> Option<AnyView> + Send>,
) -> AnyView {
    if let Some(view) = untrack(&content) {
        return view;
    }
    let state = RwSignal::new(State::Loading);
    // The scope of the view that shows the part. Not that of "Try again": a task begun there would end with the notice,
    // which is removed at that moment.
    let owner = Owner::current().map(|owner| owner.downgrade());
    let start = Callback::new(move |()| {
        state.set(State::Loading);
        let wait = async move {
            let came = load().await.is_ok();
            state.try_set(if came { State::There } else { State::Missing });
        };
        if let Some(owner) = owner.as_ref().and_then(WeakOwner::upgrade) {
            owner.with(|| spawn_in_scope(wait));
        }
    });
    start.run(());
    (move || match state.get() {
        State::Loading => match kind {
            PartKind::Screen => view! { <ScreenToCome/> }.into_any(),
            PartKind::Fragment => view! { <p class="muted" role="status">"Loading…"</p> }.into_any(),
        },
        State::There => untrack(&content).into_any(),
        State::Missing => {
            let actions = move || view! { <Button label="Try again" on_press=start/> };
            let notice = view! { <NoticeView notice=not_loaded() live=true actions=actions/> };
            match kind {
                PartKind::Screen => view! { <Screen heading="Not loaded">{notice}</Screen> }.into_any(),
                PartKind::Fragment => notice.into_any(),
            }
        }
    })
    .into_any()
}

fn not_loaded() -> Notice {
    Notice::new(Tone::Failure, "This part of the console could not be loaded.").with_text(
        "Check the connection and try again. If the console was updated in the meantime, reload the page.",
    )
}
