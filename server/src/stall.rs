//! A connection that is given up when nothing can be written to it for a while.
//!
//! A client that reads slowly is waited for, however long the response takes. A client that reads nothing would hold
//! its connection, and whatever the response is read from, for ever.

use std::io::{self, ErrorKind, IoSlice};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::time::{Sleep, sleep};

use crate::places::{Busy, Place};

/// A stream whose writes fail after a time in which nothing could be written.
pub(crate) struct Stalling<S> {
    stream: S,
    patience: Duration,
    place: Arc<Place>,
    /// The deadline while a write is pending. Until then the connection is busy: hyper drops the body of a response as
    /// soon as the rest of it is in its buffer.
    end: Option<(Pin<Box<Sleep>>, Option<Busy>)>,
}

impl<S> Stalling<S> {
    pub(crate) const fn new(stream: S, patience: Duration, place: Arc<Place>) -> Self {
        Self { stream, patience, place, end: None }
    }

    /// Enforces the deadline: any result of the stream clears it; while the write is pending, it keeps running.
    fn within_patience<T>(
        &mut self,
        cx: &mut Context<'_>,
        written: Poll<io::Result<T>>,
    ) -> Poll<io::Result<T>> {
        if written.is_ready() {
            self.end = None;
            return written;
        }
        let (end, _) = self.end.get_or_insert_with(|| (Box::pin(sleep(self.patience)), self.place.busy()));
        end.as_mut().poll(cx).map(|()| Err(ErrorKind::TimedOut.into()))
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Stalling<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(cx, buffer)
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Stalling<S> {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write(cx, bytes);
        self.within_patience(cx, written)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        slices: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write_vectored(cx, slices);
        self.within_patience(cx, written)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncReadExt, AsyncWriteExt, duplex};
    use tokio::time::{Instant, timeout};

    use super::*;
    use crate::places::Places;

    const PATIENCE: Duration = Duration::from_millis(400);

    async fn stalling<S>(stream: S) -> Stalling<S> {
        let (place, _) = Places::new(1).take().await;
        Stalling::new(stream, PATIENCE, Arc::new(place))
    }

    #[tokio::test]
    async fn while_a_write_waits_the_connection_is_busy() {
        let places = Places::new(1);
        let (place, _lost) = places.take().await;
        let (stream, mut reader) = duplex(10);
        let mut stream = Stalling::new(stream, PATIENCE, Arc::new(place));
        assert!(timeout(PATIENCE / 8, stream.write_all(&[0; 20])).await.is_err());
        assert!(timeout(PATIENCE / 8, places.take()).await.is_err());
        reader.read_exact(&mut [0; 10]).await.unwrap();
        stream.write_all(&[0; 10]).await.unwrap();
        assert!(timeout(PATIENCE, places.take()).await.is_ok());
    }

    #[tokio::test]
    async fn whoever_reads_nothing_is_given_up() {
        let (stream, _reads_nothing) = duplex(10);
        let mut stream = stalling(stream).await;
        let started = Instant::now();
        let error = stream.write_all(&[0; 100]).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::TimedOut);
        assert!(started.elapsed() >= PATIENCE);
    }

    #[tokio::test]
    async fn whoever_reads_slowly_gets_everything() {
        let (stream, mut reader) = duplex(10);
        let mut stream = stalling(stream).await;
        let read = async {
            let mut piece = [0; 10];
            for _ in 0..10 {
                tokio::time::sleep(PATIENCE / 4).await;
                reader.read_exact(&mut piece).await.unwrap();
            }
        };
        let (written, ()) = tokio::join!(stream.write_all(&[0; 100]), read);
        written.unwrap();
    }

    #[tokio::test]
    async fn time_without_anything_to_write_does_not_count() {
        let (stream, mut reader) = duplex(10);
        let mut stream = stalling(stream).await;
        stream.write_all(&[0; 10]).await.unwrap();
        assert!(timeout(PATIENCE / 4, stream.write_all(&[0; 10])).await.is_err());
        reader.read_exact(&mut [0; 10]).await.unwrap();
        stream.write_all(&[0; 10]).await.unwrap();
        tokio::time::sleep(PATIENCE).await;
        reader.read_exact(&mut [0; 10]).await.unwrap();
        stream.write_all(&[0; 10]).await.unwrap();
    }
}
