//! Parts of the console in WebAssemblies of their own, loaded when they are first needed.
//!
//! A release build is split where [`part!`](crate::part) says so (`xtask/src/split`); in all others everything is in one
//! WebAssembly, and what is marked is there at once.

use std::{future::Future, pin::Pin, task};

use leptos::{prelude::*, task::spawn_local_scoped_with_cancellation};

use super::{Button, Notice, NoticeView, Tone};

/// The WebAssembly of a part did not come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotLoaded;

impl From<leptos::wasm_split::SplitLoaderError> for NotLoaded {
    fn from(_: leptos::wasm_split::SplitLoaderError) -> Self {
        // The browser's console says which file, and why.
        Self
    }
}

/// What waits for a part.
pub type Loading = Pin<Box<dyn Future<Output = Result<(), NotLoaded>>>>;

/// Declares a function that shows what is in a part.
///
/// `part! { "what it is" in name; pub fn screen(id: TokenId) { view! { … } } }`: the block is compiled into the
/// WebAssembly `name`, with everything that nothing else needs. The function returns a view at once: of the block, or of
/// loading it first. The arguments have to be `Clone`.
#[macro_export]
macro_rules! part {
    ($(#[$meta:meta])* in $module:ident; $vis:vis fn $name:ident($($arg:ident: $type:ty),* $(,)?) { $($body:tt)* }) => {
        $(#[$meta])*
        $vis fn $name($($arg: $type),*) -> ::leptos::prelude::AnyView {
            #[cfg(feature = "split")]
            #[::leptos::wasm_split::wasm_split(
                $module, wasm_split_path = ::leptos::wasm_split, preload(load), fallible
            )]
            fn content($($arg: $type),*) -> Result<::leptos::prelude::AnyView, $crate::ui::NotLoaded> {
                Ok(::leptos::prelude::IntoAny::into_any({ $($body)* }))
            }
            #[cfg(not(feature = "split"))]
            async fn content($($arg: $type),*) -> Result<::leptos::prelude::AnyView, $crate::ui::NotLoaded> {
                Ok(::leptos::prelude::IntoAny::into_any({ $($body)* }))
            }
            #[cfg(not(feature = "split"))]
            async fn load() -> Result<(), $crate::ui::NotLoaded> {
                Ok(())
            }
            $crate::ui::show_part(
                || Box::pin(async { load().await.map_err($crate::ui::NotLoaded::from) }),
                move || $crate::ui::if_ready(content($($arg.clone()),*)).and_then(Result::ok),
            )
        }
    };
}

/// What a future has, if it has it already.
pub fn if_ready<T>(future: impl Future<Output = T>) -> Option<T> {
    let future = std::pin::pin!(future);
    match future.poll(&mut task::Context::from_waker(task::Waker::noop())) {
        task::Poll::Ready(value) => Some(value),
        task::Poll::Pending => None,
    }
}

#[derive(Clone, Copy, PartialEq)]
enum State {
    Loading,
    Here,
    Failed,
}

/// Shows a part, after loading it where it is not there. For [`part!`](crate::part).
pub fn show_part(load: fn() -> Loading, content: impl Fn() -> Option<AnyView> + Send + 'static) -> AnyView {
    if let Some(view) = content() {
        return view;
    }
    let state = RwSignal::new(State::Loading);
    // Of what shows the part. Not of "Try again": what begins there ends with the notice, which goes at that moment.
    let owner = Owner::current().map(|owner| owner.downgrade());
    let start = move || {
        state.set(State::Loading);
        let load = async move {
            let came = load().await.is_ok();
            state.try_set(if came { State::Here } else { State::Failed });
        };
        if let Some(owner) = owner.as_ref().and_then(|owner| owner.upgrade()) {
            owner.with(|| spawn_local_scoped_with_cancellation(load));
        }
    };
    start();
    (move || match state.get() {
        State::Loading => view! { <p class="visually-hidden" role="status">"Loading…"</p> }.into_any(),
        State::Here => untrack(&content).into_any(),
        State::Failed => {
            let notice = Notice::new(Tone::Failure, "This part of the console could not be loaded.").with_text(
                "Check the connection. If the console was renewed meanwhile, the page has to be loaded again.",
            );
            let start = start.clone();
            let again = move || {
                let start = start.clone();
                view! { <Button label="Try again" on_press=move |()| start()/> }
            };
            view! { <NoticeView notice=notice live=true actions=again/> }.into_any()
        }
    })
    .into_any()
}
