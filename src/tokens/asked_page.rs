//! A page of the list that is on its way.

use std::{
    collections::VecDeque,
    future::{Future, poll_fn},
    pin::Pin,
    task::{Context, Poll},
};

use crate::{
    api::{Error, TokenSummary},
    collection::reader::PageRequest,
    session::Session,
};

type Answer = Result<Vec<TokenSummary>, Error>;

/// A page that somebody asked for. It is sent when an answer is waited for, its own or that of a page before
/// it; dropping it takes it back.
pub(super) struct Asked {
    page: PageRequest,
    request: Pin<Box<dyn Future<Output = Answer>>>,
    answer: Option<Answer>,
}

impl Asked {
    pub(super) fn new(session: Session, page: PageRequest) -> Self {
        Self { page, request: Box::pin(session.list_page(page)), answer: None }
    }

    pub(super) const fn page(&self) -> PageRequest {
        self.page
    }

    /// Waits for the answer. Should that take any time, those `ahead` are on their way meanwhile.
    pub(super) async fn answer(mut self, ahead: &mut VecDeque<Self>) -> Answer {
        poll_fn(|context| {
            self.poll(context);
            if let Some(answer) = self.answer.take() {
                return Poll::Ready(answer);
            }
            ahead.iter_mut().for_each(|ahead| ahead.poll(context));
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
