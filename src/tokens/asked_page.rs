//! A page of the list that is on its way.

use std::{
    future::{Future, poll_fn},
    pin::Pin,
    task::{Context, Poll},
};

use super::model::catalogue::reader::PageRequest;
use crate::{
    api::{Error, TokenSummary},
    session::Session,
};

type Answer = Result<Vec<TokenSummary>, Error>;

/// A page that somebody asked for. It is sent when an answer is waited for, its own or that of the page before
/// it; dropping it takes it back.
pub(super) struct Asked {
    page: PageRequest,
    request: Pin<Box<dyn Future<Output = Answer>>>,
    answer: Option<Answer>,
}

impl Asked {
    pub(super) fn new(session: Session, page: PageRequest) -> Self {
        let request = session
            .run(move |client| async move { client.list_tokens(page.limit, page.offset, page.owner).await });
        Self { page, request: Box::pin(request), answer: None }
    }

    pub(super) const fn page(&self) -> PageRequest {
        self.page
    }

    /// Waits for the answer. Should that take any time, `ahead` is on its way meanwhile.
    pub(super) async fn answer(mut self, mut ahead: Option<&mut Self>) -> Answer {
        poll_fn(|context| {
            self.poll(context);
            if let Some(answer) = self.answer.take() {
                return Poll::Ready(answer);
            }
            if let Some(ahead) = &mut ahead {
                ahead.poll(context);
            }
            Poll::Pending
        })
        .await
    }

    fn poll(&mut self, context: &mut Context) {
        if self.answer.is_none()
            && let Poll::Ready(answer) = self.request.as_mut().poll(context)
        {
            self.answer = Some(answer);
        }
    }
}
