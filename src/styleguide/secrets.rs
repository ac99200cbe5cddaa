//! Secrets.

use std::sync::Arc;

use leptos::prelude::*;

use crate::{
    secret::Secret,
    ui::{Card, Notice, SecretField, SecretRequest, Tone},
};

/// Returns an example that is nobody's secret: the real ones come from the server.
fn example() -> SecretRequest {
    Box::pin(async { Ok(Arc::new(Secret::new("not-a-secret-but-an-example".to_owned()))) })
}

fn refused() -> SecretRequest {
    let notice =
        Notice::new(Tone::Failure, "The token could not be read.").with_text("This is an example, too.");
    Box::pin(async { Err(notice) })
}

#[component]
pub(super) fn Secrets() -> impl IntoView {
    let reason = Signal::stored(Some("The server does not allow you to read this token.".to_owned()));
    view! {
        <Card heading="Secrets">
            <SecretField label="Token" source=example/>
            <SecretField label="Token that cannot be read" source=refused/>
            <SecretField label="Token that may not be read" source=example blocked=reason/>
        </Card>
    }
}
