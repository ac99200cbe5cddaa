//! A page of the list that is in flight.

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

/// A page that was asked for. The request is sent when a response is awaited: its own, or that of an earlier page.
/// Dropping it cancels the request.
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

    /// Waits for the response. If that takes any time, the requests in `ahead` are in flight meanwhile.
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
